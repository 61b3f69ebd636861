// SPDX-License-Identifier: Apache-2.0
// Feeds a fuzz target with its corpus, without a fuzzer: every input, and every beginning of it,
// because parsers of foreign bytes break most often where the input stops early. The corpus is
// fuzz/corpus/<name> for the program <name>_fuzz, or what the arguments name.

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {
namespace fs = std::filesystem;

constexpr std::size_t beginnings_limit = 512; // of one input, spread over its length
constexpr int exit_skip = 77;                 // automake's word for a test that could not run

fs::path corpus_of(const fs::path& program)
{
    std::string name = program.filename().string();
    if (name.ends_with("_fuzz"))
        name.resize(name.size() - 5);
    const char* source = std::getenv("SRCDIR");
    return fs::path(source != nullptr ? source : ".") / "fuzz" / "corpus" / name;
}

std::vector<fs::path> inputs_below(const std::vector<fs::path>& roots)
{
    std::vector<fs::path> found;
    for (const fs::path& root : roots) {
        if (fs::is_regular_file(root))
            found.push_back(root);
        if (!fs::is_directory(root))
            continue;
        for (const auto& entry : fs::recursive_directory_iterator(root))
            if (entry.is_regular_file())
                found.push_back(entry.path());
    }
    std::sort(found.begin(), found.end());
    return found;
}

// A copy of exactly `size` bytes, so that a sanitizer sees any step past the end.
void run(const std::vector<char>& input, std::size_t size)
{
    std::vector<std::uint8_t> exact(input.begin(), input.begin() + static_cast<long>(size));
    LLVMFuzzerTestOneInput(exact.data(), exact.size());
}

void replay(const fs::path& path)
{
    std::ifstream file(path, std::ios::binary);
    std::vector<char> input{std::istreambuf_iterator<char>(file), {}};
    run(input, input.size());
    std::size_t step = input.size() / beginnings_limit + 1;
    for (std::size_t size = 0; size < input.size(); size += step)
        run(input, size);
}
} // namespace

int main(int argc, char** argv)
{
    std::vector<fs::path> roots(argv + 1, argv + argc);
    if (roots.empty())
        roots.push_back(corpus_of(argv[0]));
    std::vector<fs::path> inputs = inputs_below(roots);
    if (inputs.empty()) {
        std::printf("no inputs in %s\n", roots.front().c_str());
        return exit_skip;
    }
    for (const fs::path& path : inputs) {
        std::printf("%s\n", path.c_str());
        std::fflush(stdout); // the last line names the culprit if the target crashes
        replay(path);
    }
    std::printf("%zu inputs replayed\n", inputs.size());
    return 0;
}
