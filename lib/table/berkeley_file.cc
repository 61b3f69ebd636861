// SPDX-License-Identifier: Apache-2.0
// Files of Berkeley DB; see berkeley_file.h.
//
// Such a file is pages of one size. Page 0 tells size, byte order and type. All others begin with
// 26 bytes (own number, next page, number of items, type), then come the places of the items, which
// lie at the page's end, keys and values in turn. Text that is too long for that lies on a chain of
// overflow pages.
//
// hash: a key's hash gives a bucket, the bucket a page, and its chain has all keys of that bucket.
// btree: from the root down, the last key that is not above ours leads on; leaves form a chain.
//
// Nothing in the file is believed: each place is compared with the page, each page with its number,
// and the pages that a call reads are counted, so that no chain can go in circles.
#include "lib/table/berkeley_file.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/strings.h"
#include "lib/table/source.h"

namespace table {

namespace {

constexpr std::uint32_t hash_magic = 0x061561;
constexpr std::uint32_t btree_magic = 0x053162;
constexpr std::uint32_t known_version = 9; // Of both types, in Berkeley DB 4.6 to 5.3.
constexpr std::size_t meta_bytes = 512;    // The smallest page.
constexpr std::size_t page_header = 26;
constexpr std::size_t bucket_groups = 32;
constexpr std::size_t item_limit = 16 << 20;
// Pages that one look-up may read; more is no table of a mail system.
constexpr std::uint64_t lookup_pages = 5000;

enum PageType : unsigned char {
    unused_page = 0,
    unsorted_hash_page = 2,
    btree_inner_page = 3,
    btree_leaf_page = 5,
    overflow_page = 7,
    hash_page = 13,
};
enum ItemType : unsigned char { on_page = 1, off_page = 3 };
constexpr unsigned char deleted_item = 0x80;

base::Error damaged(std::string_view what)
{
    return base::temporary(base::cat("database is damaged: ", what));
}

// Bytes with places from 0; the file's byte order.
class Bytes {
public:
    void assign(std::string bytes, bool swapped)
    {
        bytes_ = std::move(bytes);
        swapped_ = swapped;
    }
    std::size_t size() const { return bytes_.size(); }
    std::string_view part(std::size_t at, std::size_t size) const
    {
        return std::string_view(bytes_).substr(std::min(at, bytes_.size()), size);
    }
    // Outside of the bytes everything is zero.
    std::uint8_t u8(std::size_t at) const
    {
        return at < bytes_.size() ? static_cast<std::uint8_t>(bytes_[at]) : std::uint8_t{0};
    }
    std::uint16_t u16(std::size_t at) const
    {
        auto first = u8(at);
        auto second = u8(at + 1);
        return static_cast<std::uint16_t>(is_little() ? first | second << 8 : first << 8 | second);
    }
    std::uint32_t u32(std::size_t at) const
    {
        std::uint32_t first = u16(at);
        std::uint32_t second = u16(at + 2);
        return is_little() ? first | second << 16 : first << 16 | second;
    }

private:
    bool is_little() const { return (std::endian::native == std::endian::little) != swapped_; }

    std::string bytes_;
    bool swapped_ = false;
};

// What page 0 says.
struct Layout {
    bool swapped = false;
    bool hash = false;
    std::uint32_t page_size = 0;
    std::uint32_t max_bucket = 0; // hash: number of the last bucket.
    std::uint32_t high_mask = 0;
    std::uint32_t low_mask = 0;
    std::uint32_t groups[bucket_groups] = {}; // Where the buckets 2^(n-1)+1 to 2^n lie.
    std::uint32_t root = 0;                   // btree.
};

base::Result<std::string> read_at(int fd, std::size_t size, std::uint64_t offset)
{
    std::string bytes(size, '\0');
    ssize_t got = ::pread(fd, bytes.data(), size, static_cast<off_t>(offset));
    if (got < 0)
        return base::system_error("read database", errno);
    if (static_cast<std::size_t>(got) != size)
        return damaged("it is too short");
    return bytes;
}

// The hash function of the library (FNV-1 with 0 to begin with).
std::uint32_t hash_of(std::string_view key)
{
    std::uint32_t hash = 0;
    for (char byte : key)
        hash = (hash * 16777619u) ^ static_cast<unsigned char>(byte);
    return hash;
}

base::Result<Layout> checked(const Bytes& meta, Layout layout)
{
    const std::uint32_t version = meta.u32(16);
    layout.page_size = meta.u32(20);
    if (version != known_version)
        return base::temporary(
            base::cat("database is of format version ", version, "; only 9 can be read"));
    if (meta.u8(24) != 0 || meta.u8(26) != 0 || meta.u32(36) != 0 || meta.u32(48) != 0)
        return base::temporary("database has duplicates, parts, checksums or encryption, which "
                               "lookup tables do not have");
    if (!std::has_single_bit(layout.page_size) || layout.page_size < meta_bytes ||
        layout.page_size > 65536)
        return damaged("page size");
    layout.root = meta.u32(88);
    if (!layout.hash)
        return layout;
    layout.max_bucket = meta.u32(72);
    layout.high_mask = meta.u32(76);
    layout.low_mask = meta.u32(80);
    for (std::size_t i = 0; i < bucket_groups; ++i)
        layout.groups[i] = meta.u32(96 + 4 * i);
    // The hash of a fixed text, there to tell whether the reader has the same function.
    if (meta.u32(92) != hash_of(std::string_view("%$sniglet^&\0", 12)))
        return damaged("hash function");
    return layout;
}

base::Result<Layout> read_layout(int fd)
{
    auto bytes = read_at(fd, meta_bytes, 0);
    if (!bytes)
        return bytes.error();
    for (bool swapped : {false, true}) {
        Bytes meta;
        meta.assign(*bytes, swapped);
        const std::uint32_t magic = meta.u32(12);
        if (magic == hash_magic || magic == btree_magic)
            return checked(meta, {.swapped = swapped, .hash = magic == hash_magic});
    }
    return damaged("it is no hash or btree file");
}

// A page with items.
struct Page : Bytes {
    std::uint32_t next() const { return u32(16); }
    std::size_t items() const { return u16(20); }
    std::uint8_t type() const { return u8(25); }
    bool fits() const { return page_header + 2 * items() <= size(); }
    std::size_t place(std::size_t item) const { return u16(page_header + 2 * item); }
};

// Where an item's text is: on its page, or on a chain of overflow pages.
struct Text {
    std::string_view here; // In the page that it was taken from.
    std::uint32_t chain = 0;
    std::uint32_t size = 0;
};

// One look at a file, while it is locked.
class Look {
public:
    Look(int fd, const Layout& layout, std::uint64_t budget)
        : fd_(fd), layout_(layout), budget_(budget)
    {
    }

    base::Result<std::optional<std::string>> find(std::string_view key)
    {
        auto page = layout_.hash ? bucket(bucket_of(key)) : leaf(&key);
        while (page) {
            auto found = find_on(*page, key);
            // A key of a btree is on the first leaf that can have it.
            if (!found || *found || !layout_.hash || page->next() == 0)
                return found;
            page = read(page->next());
        }
        return page.error();
    }

    base::Result<void> all(std::vector<BerkeleyReader::Pair>& entries)
    {
        for (std::uint64_t n = 0; n <= (layout_.hash ? layout_.max_bucket : 0); ++n) {
            auto page = layout_.hash ? bucket(static_cast<std::uint32_t>(n)) : leaf(nullptr);
            auto done = page ? all_on_chain(std::move(*page), entries) : page.error();
            if (!done)
                return done;
        }
        return {};
    }

private:
    base::Result<Page> read(std::uint32_t number)
    {
        if (budget_ == 0)
            return damaged("its pages go in circles, or are too many");
        --budget_;
        auto bytes = read_at(fd_, layout_.page_size, std::uint64_t{number} * layout_.page_size);
        if (!bytes)
            return bytes.error();
        Page page;
        page.assign(std::move(*bytes), layout_.swapped);
        // The first two buckets have pages from the beginning, which are zero until there is a key.
        const bool no_key_yet =
            layout_.hash && number <= 2 && page.type() == unused_page && page.u32(8) == 0;
        if (!no_key_yet && page.u32(8) != number)
            return damaged("number of a page");
        return page;
    }

    std::uint32_t bucket_of(std::string_view key) const
    {
        std::uint32_t bucket = hash_of(key) & layout_.high_mask;
        return bucket > layout_.max_bucket ? bucket & layout_.low_mask : bucket;
    }

    base::Result<Page> bucket(std::uint32_t number)
    {
        // bit_width: the least n with 2^n above `number`, which is its group.
        std::size_t group = static_cast<std::size_t>(std::bit_width(number));
        if (group >= bucket_groups)
            return damaged("number of buckets");
        return read(number + layout_.groups[group]);
    }

    // The leaf of a btree that can have `key`; without one, the first.
    base::Result<Page> leaf(const std::string_view* key)
    {
        auto page = read(layout_.root);
        while (page && page->type() == btree_inner_page) {
            auto next = child(*page, key);
            if (!next)
                return next.error();
            page = read(*next);
        }
        return page;
    }

    base::Result<std::uint32_t> child(const Page& page, const std::string_view* key)
    {
        if (!page.fits() || page.items() == 0)
            return damaged("inner page");
        std::uint32_t next = page.u32(page.place(0) + 4);
        // The first key counts as lower than all.
        for (std::size_t item = 1; key != nullptr && item < page.items(); ++item) {
            const std::size_t at = page.place(item);
            auto text = inner_text(page, at);
            auto order = text ? compare(*text, *key) : base::Result<int>(text.error());
            if (!order)
                return order.error();
            if (*order > 0)
                break;
            next = page.u32(at + 4);
        }
        return next;
    }

    static base::Result<Text> inner_text(const Page& page, std::size_t at)
    {
        if ((page.u8(at + 2) & ~deleted_item) == off_page)
            return elsewhere(page, at + 12);
        return stored(page, at + 12, page.u16(at));
    }

    static base::Result<Text> elsewhere(const Page& page, std::size_t at)
    {
        Text text{{}, page.u32(at + 4), page.u32(at + 8)};
        if (text.chain == 0 || text.size > item_limit)
            return damaged("long item");
        return text;
    }

    static base::Result<Text> stored(const Page& page, std::size_t at, std::size_t size)
    {
        if (at < page_header || at + size > page.size())
            return damaged("place of an item");
        return Text{page.part(at, size), 0, static_cast<std::uint32_t>(size)};
    }

    // Item `item` of a page with keys and values.
    base::Result<Text> text(const Page& page, std::size_t item) const
    {
        const std::size_t at = page.place(item);
        const std::size_t kind = layout_.hash ? at : at + 2;
        if ((page.u8(kind) & ~deleted_item) == off_page)
            return elsewhere(page, at);
        if ((page.u8(kind) & ~deleted_item) != on_page)
            return damaged("type of an item");
        if (!layout_.hash)
            return stored(page, at + 3, page.u16(at));
        // Items of a hash page lie one before the other and end where the one before begins.
        const std::size_t end = item == 0 ? page.size() : page.place(item - 1);
        if (at + 1 > end)
            return damaged("order of items");
        return stored(page, at + 1, end - at - 1);
    }

    bool is_deleted(const Page& page, std::size_t item) const
    {
        return !layout_.hash && (page.u8(page.place(item) + 2) & deleted_item) != 0;
    }

    base::Result<std::string> load(const Text& text)
    {
        std::string bytes(text.here);
        for (std::uint32_t number = text.chain; bytes.size() < text.size;) {
            if (number == 0)
                return damaged("end of a long item");
            auto page = read(number);
            if (!page)
                return page.error();
            const std::size_t size = page->u16(22);
            if (page->type() != overflow_page || page_header + size > page->size())
                return damaged("overflow page");
            bytes += page->part(page_header, size);
            number = page->next();
        }
        if (bytes.size() != text.size)
            return damaged("size of a long item");
        return bytes;
    }

    // Below, equal or above 0 as `text` is before, at or after `key`.
    base::Result<int> compare(const Text& text, std::string_view key)
    {
        if (text.chain == 0)
            return text.here.compare(key);
        auto bytes = load(text);
        if (!bytes)
            return bytes.error();
        return bytes->compare(key);
    }

    base::Result<void> check(const Page& page) const
    {
        const bool right_type = layout_.hash ? page.type() == hash_page ||
                                                   page.type() == unsorted_hash_page ||
                                                   (page.type() == unused_page && page.items() == 0)
                                             : page.type() == btree_leaf_page;
        if (!right_type || !page.fits() || page.items() % 2 != 0)
            return damaged("page of items");
        return {};
    }

    base::Result<std::optional<std::string>> find_on(const Page& page, std::string_view key)
    {
        auto good = check(page);
        if (!good)
            return good.error();
        for (std::size_t item = 0; item < page.items(); item += 2) {
            if (is_deleted(page, item))
                continue;
            auto name = text(page, item);
            if (!name)
                return name.error();
            if (name->size != key.size())
                continue;
            auto order = compare(*name, key);
            if (!order)
                return order.error();
            if (*order == 0)
                return value(page, item + 1);
        }
        return std::optional<std::string>{};
    }

    base::Result<std::optional<std::string>> value(const Page& page, std::size_t item)
    {
        auto where = text(page, item);
        auto bytes = where ? load(*where) : base::Result<std::string>(where.error());
        if (!bytes)
            return bytes.error();
        return std::optional(std::move(*bytes));
    }

    base::Result<void> all_on_chain(Page page, std::vector<BerkeleyReader::Pair>& entries)
    {
        for (;;) {
            auto done = all_on(page, entries);
            if (!done || page.next() == 0)
                return done;
            auto next = read(page.next());
            if (!next)
                return next.error();
            page = std::move(*next);
        }
    }

    base::Result<void> all_on(const Page& page, std::vector<BerkeleyReader::Pair>& entries)
    {
        auto good = check(page);
        for (std::size_t item = 0; good && item < page.items(); item += 2) {
            if (is_deleted(page, item))
                continue;
            auto name = value(page, item);
            auto content = name ? value(page, item + 1) : name;
            if (!content)
                return content.error();
            total_ += (*name)->size() + (*content)->size();
            if (total_ > kSourceBytes)
                return damaged("its entries are too large");
            entries.emplace_back(std::move(**name), std::move(**content));
        }
        return good;
    }

    int fd_;
    const Layout& layout_;
    std::uint64_t budget_;
    std::size_t total_ = 0; // Bytes of the entries so far.
};

// A shared lock for as long as it lives, if it was to be had.
class SharedLock {
public:
    explicit SharedLock(int fd) : fd_(fd)
    {
        if (::flock(fd, LOCK_SH | LOCK_NB) != 0)
            failure_ = errno;
    }
    SharedLock(const SharedLock&) = delete;
    ~SharedLock()
    {
        if (failure_ == 0)
            ::flock(fd_, LOCK_UN);
    }
    base::Result<void> check() const
    {
        if (failure_ == EWOULDBLOCK)
            return base::temporary("database is being written");
        if (failure_ != 0)
            return base::system_error("lock database", failure_);
        return {};
    }

private:
    int fd_;
    int failure_ = 0;
};

void drop_nul(std::string& text)
{
    if (!text.empty() && text.back() == '\0')
        text.pop_back();
}

} // namespace

base::Result<BerkeleyReader> BerkeleyReader::open(const std::string& path)
{
    base::Fd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    if (!file)
        return base::system_error(base::cat("open database ", path), errno);
    auto made = of(std::move(file));
    if (!made)
        return made.error().in(base::cat("open database ", path));
    return made;
}

base::Result<BerkeleyReader> BerkeleyReader::of(base::Fd file)
{
    struct stat status = {};
    if (::fstat(file.number(), &status) != 0)
        return base::system_error("fstat", errno);
    if (!S_ISREG(status.st_mode))
        return base::temporary("not a regular file");
    SharedLock lock(file.number());
    auto locked = lock.check();
    // A file that is being written now is looked at later; there is nothing to say against it.
    if (locked) {
        auto layout = read_layout(file.number());
        if (!layout)
            return layout.error();
    }
    BerkeleyReader made;
    made.device_ = status.st_dev;
    made.inode_ = status.st_ino;
    made.changed_ = status.st_ctim;
    made.owner_ = status.st_uid;
    made.file_ = std::move(file);
    return made;
}

base::Result<std::optional<std::string>> BerkeleyReader::find(std::string_view key) const
{
    SharedLock lock(file_.number());
    auto locked = lock.check();
    if (!locked)
        return locked.error();
    auto layout = read_layout(file_.number());
    if (!layout)
        return layout.error();
    std::string with_nul(key);
    with_nul.push_back('\0');
    for (std::string_view stored : {std::string_view(with_nul), key}) {
        auto found = Look(file_.number(), *layout, lookup_pages).find(stored);
        if (found && *found)
            drop_nul(**found);
        if (!found || *found)
            return found;
    }
    return std::optional<std::string>{};
}

base::Result<std::vector<BerkeleyReader::Pair>> BerkeleyReader::all() const
{
    SharedLock lock(file_.number());
    auto locked = lock.check();
    if (!locked)
        return locked.error();
    auto layout = read_layout(file_.number());
    if (!layout)
        return layout.error();
    struct stat status = {};
    if (::fstat(file_.number(), &status) != 0)
        return base::system_error("fstat", errno);
    // Each page belongs to one place.
    const std::uint64_t pages = static_cast<std::uint64_t>(status.st_size) / layout->page_size;
    std::vector<Pair> entries;
    auto done = Look(file_.number(), *layout, pages).all(entries);
    if (!done)
        return done.error();
    for (auto& [key, value] : entries) {
        drop_nul(key);
        drop_nul(value);
    }
    return entries;
}

bool BerkeleyReader::is_current(const std::string& path) const
{
    struct stat status = {};
    if (::fstat(file_.number(), &status) == 0 &&
        (status.st_nlink == 0 || status.st_ctim.tv_sec != changed_.tv_sec ||
         status.st_ctim.tv_nsec != changed_.tv_nsec))
        return false;
    if (::stat(path.c_str(), &status) != 0)
        return true;
    return status.st_dev == device_ && status.st_ino == inode_;
}

void nudge_berkeley(const std::string& path)
{
    // Not through a link: others may be able to write the directory.
    base::Fd file(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    struct stat status = {};
    if (!file || ::fstat(file.number(), &status) != 0 || !S_ISREG(status.st_mode))
        return;
    // Sets the time of the last change of status, and nothing else.
    (void)!::fchmod(file.number(), status.st_mode & 07777u);
}

} // namespace table
