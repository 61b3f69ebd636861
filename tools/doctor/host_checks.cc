// SPDX-License-Identifier: Apache-2.0
// Checks of the machine: disk, permissions, clock, certificates, backup, IPv6. Local files only.
#include <algorithm>
#include <cerrno>
#include <memory>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/timex.h>

#include "lib/base/strings.h"
#include "lib/service/sandbox.h"
#include "tools/doctor/looks.h"
#include "tools/doctor/words.h"

namespace doctor {

namespace {

constexpr double least_free_share = 0.05;
constexpr double least_free_nodes = 0.02;
constexpr std::uint64_t mebibyte = 1024 * 1024;

// Parameters that name files with certificates, ours or those of releases with TLS.
constexpr std::string_view certificate_parameters[] = {
    "smtpd_tls_cert_file", "smtpd_tls_eccert_file", "smtpd_tls_chain_files",
    "smtp_tls_cert_file",  "smtp_tls_eccert_file",  "smtp_tls_chain_files",
};

std::string share(double part)
{
    return base::cat(static_cast<int>(part * 100), "%");
}

void look_at_volume(const Examination& examination, const std::string& path, Findings& findings)
{
    struct statvfs about {};
    if (::statvfs(path.c_str(), &about) != 0) {
        findings.push_back({Level::Problem,
                            base::system_error(path, errno).text,
                            {},
                            "run postfix check, which makes missing directories"});
        return;
    }
    auto free_bytes = static_cast<std::uint64_t>(about.f_bavail) * about.f_frsize;
    auto free_space = about.f_blocks == 0 ? 1.0 : double(about.f_bavail) / double(about.f_blocks);
    auto free_nodes = about.f_files == 0 ? 1.0 : double(about.f_favail) / double(about.f_files);
    auto wanted = std::strtoull(examination.value("queue_minfree").c_str(), nullptr, 10);
    auto largest = std::strtoull(examination.value("message_size_limit").c_str(), nullptr, 10);
    wanted = std::max(wanted, static_cast<unsigned long long>(largest * 3 / 2));
    std::string text = base::cat(path, ": ", free_bytes / mebibyte, " MiB free (",
                                 share(free_space), "), ", share(free_nodes), " of the inodes");
    if (free_bytes < wanted)
        findings.push_back({Level::Problem, text,
                            base::cat("mail is refused below ", wanted / mebibyte, " MiB"),
                            "make room, or move the queue to a larger volume"});
    else if (free_space < least_free_share || free_nodes < least_free_nodes)
        findings.push_back({Level::Warning, text, "when it is full, mail is refused", "make room"});
    else
        findings.push_back({Level::Ok, text});
}

struct FreeCertificate {
    void operator()(X509* certificate) const { X509_free(certificate); }
};
using Certificate = std::unique_ptr<X509, FreeCertificate>;

struct CloseFile {
    void operator()(std::FILE* file) const { std::fclose(file); }
};

// The first certificate of a PEM file: the server's own.
Certificate read_certificate(const std::string& path)
{
    std::unique_ptr<std::FILE, CloseFile> file(std::fopen(path.c_str(), "re"));
    if (!file)
        return nullptr;
    return Certificate(PEM_read_X509(file.get(), nullptr, nullptr, nullptr));
}

long long seconds_until(const ASN1_TIME* when)
{
    int days = 0, seconds = 0;
    if (ASN1_TIME_diff(&days, &seconds, nullptr, when) != 1)
        return 0;
    return static_cast<long long>(days) * 86400 + seconds;
}

void look_at_certificate(const Examination& examination, const std::string& path,
                         Findings& findings)
{
    Certificate certificate = read_certificate(path);
    if (!certificate) {
        findings.push_back({Level::Problem, base::cat(path, ": no certificate can be read"),
                            "the file is missing, not readable, or not in PEM form",
                            "correct the path, or make the certificate anew"});
        return;
    }
    long long left = seconds_until(X509_get0_notAfter(certificate.get()));
    long long begins = seconds_until(X509_get0_notBefore(certificate.get()));
    const std::string& host = examination.common.myhostname();
    std::string_view renew = "renew it; then postfix reload";
    if (left <= 0)
        findings.push_back({Level::Problem, base::cat(path, ": ended ", -left / 86400, " days ago"),
                            "clients refuse it", std::string(renew)});
    else if (begins > 0)
        findings.push_back({Level::Problem, base::cat(path, ": begins in ", words_for(begins)),
                            "it was made for later, or the clock is wrong", "look at the clock"});
    else if (std::chrono::seconds(left) < examination.params.certificate_days())
        findings.push_back({Level::Warning,
                            base::cat(path, ": ends in ", words_for(left)),
                            {},
                            std::string(renew)});
    else if (X509_check_host(certificate.get(), host.data(), host.size(), 0, nullptr) != 1)
        findings.push_back({Level::Warning, base::cat(path, ": is not for ", host),
                            "servers and clients that verify names will not accept it",
                            "have a certificate made that lists this name"});
    else
        findings.push_back({Level::Ok, base::cat(path, ": good for ", words_for(left))});
}

} // namespace

base::Task<void> look_at_disk(const Examination& examination, Findings& findings)
{
    look_at_volume(examination, examination.common.queue_directory(), findings);
    look_at_volume(examination, examination.common.data_directory(), findings);
    co_return;
}

base::Task<void> look_at_permissions(const Examination& examination, Findings& findings)
{
    for (const std::string& fault : examination.machine.permission_faults)
        findings.push_back({Level::Problem, fault,
                            "others may read or change mail, or the system cannot work on it",
                            "postfix set-permissions"});
    if (findings.empty())
        findings.push_back({Level::Ok, "owners and modes of the queue are right"});
    co_return;
}

base::Task<void> look_at_jails(const Examination&, Findings& findings)
{
    const service::Means means = service::sandbox_means();
    if (means.seccomp && means.landlock > 0)
        findings.push_back(
            {Level::Ok, "the kernel bounds what daemons may do (seccomp, Landlock)"});
    else
        findings.push_back({Level::Note,
                            base::cat("the kernel, or the container, has no ",
                                      means.seccomp ? "Landlock" : "seccomp"),
                            "a daemon that was taken over could do all that mail_owner can",
                            "use a kernel from 5.13 on with Landlock among its security modules"});
    co_return;
}

base::Task<void> look_at_clock(const Examination& examination, Findings& findings)
{
    timex state{};
    int answer = ::adjtimex(&state);
    struct stat about {};
    const std::string& queue = examination.common.queue_directory();
    bool ahead = ::stat(base::cat(queue, "/pid/master.pid").c_str(), &about) == 0 &&
                 about.st_mtime > base::unix_seconds(examination.now()) + 60;
    if (ahead)
        findings.push_back({Level::Problem, "the mail system was started in what is now the future",
                            "the clock was set back", "set the clock right, then postfix reload"});
    else if (answer < 0 || answer == TIME_ERROR)
        findings.push_back({Level::Warning, "the clock is not synchronised",
                            "wrong dates in mail; retries and certificates depend on it",
                            "run a time service such as systemd-timesyncd or chrony"});
    else
        findings.push_back({Level::Ok, "the clock is synchronised"});
    co_return;
}

base::Task<void> look_at_certificates(const Examination& examination, Findings& findings)
{
    std::vector<std::string> seen;
    for (std::string_view parameter : certificate_parameters) {
        const std::string value = examination.value(parameter);
        for (std::string_view path : base::split(value, ", \t")) {
            if (path == "none" || std::find(seen.begin(), seen.end(), path) != seen.end())
                continue;
            seen.emplace_back(path);
            look_at_certificate(examination, seen.back(), findings);
        }
    }
    if (findings.empty())
        findings.push_back({Level::Note, "main.cf names no certificate"});
    co_return;
}

base::Task<void> look_at_backup(const Examination& examination, Findings& findings)
{
    const auto& stamps = examination.params.backup_stamp();
    if (stamps.empty()) {
        findings.push_back({Level::Note,
                            "nothing is known of backups",
                            {},
                            "name a file that each backup touches in doctor_backup_stamp"});
        co_return;
    }
    long long newest = 0;
    for (const std::string& path : stamps) {
        struct stat about {};
        if (::stat(path.c_str(), &about) == 0)
            newest = std::max<long long>(newest, about.st_mtime);
    }
    long long age = base::unix_seconds(examination.now()) - newest;
    if (newest == 0)
        findings.push_back({Level::Problem,
                            base::cat("no backup was made: ", stamps.front(), " does not exist"),
                            {},
                            "look whether the backup runs"});
    else if (std::chrono::seconds(age) > examination.params.backup_age())
        findings.push_back({Level::Warning,
                            base::cat("the last backup is ", words_for(age), " old"),
                            {},
                            "look whether the backup runs"});
    else
        findings.push_back({Level::Ok, base::cat("the last backup is ", words_for(age), " old")});
}

base::Task<void> look_at_ipv6(const Examination& examination, Findings& findings)
{
    const auto& protocols = examination.common.inet_protocols();
    bool wanted = std::any_of(protocols.begin(), protocols.end(), [](const std::string& protocol) {
        return protocol == "all" || protocol == "ipv6";
    });
    bool global = false, any = false;
    for (const auto& interface : examination.machine.interfaces) {
        any = any || interface.address.family() == net::Family::Inet6;
        global = global ||
                 (interface.address.family() == net::Family::Inet6 && is_global(interface.address));
    }
    if (!wanted)
        findings.push_back({global ? Level::Note : Level::Ok,
                            base::cat("inet_protocols has no IPv6",
                                      global ? ", though this host has a global address" : "")});
    else if (!any)
        findings.push_back({Level::Note,
                            "this host has no IPv6 address",
                            {},
                            "inet_protocols = ipv4 saves look-ups and failed connections"});
    else if (!global)
        findings.push_back({Level::Note, "this host has no global IPv6 address",
                            "servers that are reached by IPv6 first fail once per delivery",
                            "smtp_address_preference = ipv4, or inet_protocols = ipv4"});
    else
        findings.push_back({Level::Ok, "IPv6 is used, and this host has a global address"});
    co_return;
}

} // namespace doctor
