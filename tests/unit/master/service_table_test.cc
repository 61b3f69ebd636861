// SPDX-License-Identifier: Apache-2.0
// The list of services.
#include "master/service_table.h"

#include <gtest/gtest.h>

#include "master/known_services.h"

namespace {

class Table : public testing::Test {
protected:
    // /bin has the programs of these tests.
    void read(const std::string& master_cf, const std::string& main_cf = "")
    {
        configuration.main = config::MainCf::parse(
            "daemon_directory = /bin\ninet_interfaces = 127.0.0.1\n" + main_cf, "main.cf", faults);
        for (config::ParamSet* set : std::initializer_list<config::ParamSet*>{
                 &configuration.common, &configuration.master}) {
            set->declare(configuration.main);
            set->load(configuration.main, faults);
        }
        auto file = config::MasterCf::parse(master_cf, "master.cf", {}, faults);
        master::read_services(configuration, file, master::system_names(), faults);
    }
    std::string services() const
    {
        std::string out;
        for (const auto& service : configuration.services)
            base::append(out, service.entry.key(), '=', service.entry.command, ' ');
        return out;
    }
    std::string told() const
    {
        std::string out;
        for (const auto& fault : faults)
            base::append(out, fault.to_string(), '\n');
        return out;
    }

    master::Configuration configuration;
    config::Faults faults;
};

TEST_F(Table, HasWhatMasterCfSays)
{
    read("2525 inet n - n - - true\nx unix - - n - 3 false\n");
    EXPECT_EQ(services(), "2525/inet=true x/unix=false ");
    EXPECT_EQ(configuration.services[1].program, "/bin/false");
    EXPECT_EQ(configuration.services[1].entry.max_processes, 3);
}

TEST_F(Table, AProgramThatIsNotThereIsAWarningAndTheOthersRun)
{
    read("a unix - - n - - nosuchprogram\nb unix - - n - - true\n");
    EXPECT_EQ(services(), "b/unix=true ");
    EXPECT_FALSE(config::has_errors(faults));
    EXPECT_NE(told().find("master.cf, line 1: service a/unix will not run: /bin/nosuchprogram"),
              std::string::npos)
        << told();
}

TEST_F(Table, ServicesOfPostfixWithoutProcessAreAccepted)
{
    read("rewrite unix - - y - - trivial-rewrite\ntlsmgr unix - - y 1000? 1 tlsmgr\n"
         "scache unix - - y - 1 scache\nflush unix n - y 1000? 0 flush\n"
         "dnsblog unix - - y - 0 dnsblog\ntlsproxy unix - - y - 0 tlsproxy\n"
         "b unix - - n - - true\n");
    EXPECT_EQ(services(), "b/unix=true ");
    EXPECT_EQ(told().find("rewrite"), std::string::npos);
}

TEST_F(Table, PostscreenIsServedBySmtpdWithItsArguments)
{
    read("2525 inet n - y - 1 postscreen -o syslog_name=screen\n"
         "smtpd pass - - y - - true -o smtpd_sasl_auth_enable=yes\n");
    EXPECT_NE(told().find("/bin/smtpd"), std::string::npos) << "smtpd runs in its place";
    const auto* row = master::find_replaced("postscreen");
    ASSERT_NE(row, nullptr);
    EXPECT_EQ(row->program, "smtpd");
}

TEST_F(Table, TwoServicesOnOneSocketAreAFault)
{
    read("2525 inet n - n - - true\n127.0.0.1:2525 inet n - n - - true\n"
         "q unix n - n - - true\nq fifo n - n - - true\n");
    EXPECT_TRUE(config::has_errors(faults));
    EXPECT_NE(told().find("line 2: service 127.0.0.1:2525/inet and 2525/inet of line 1 share"),
              std::string::npos)
        << told();
    EXPECT_NE(told().find("line 4: service q/fifo and q/unix of line 3 share"), std::string::npos);
}

TEST_F(Table, ServicesCanBeTurnedOff)
{
    read("2525 inet n - n - - true\nx unix - - n - - true\ny unix - - n - - true\n",
         "master_service_disable = inet, x/unix\n");
    EXPECT_EQ(services(), "y/unix=true ");
}

TEST_F(Table, FifosAreToldOnce)
{
    read("pickup fifo n - n 60 1 true\nqmgr fifo n - n 300 1 true\n");
    ASSERT_EQ(configuration.notes.size(), 1u);
    EXPECT_EQ(configuration.notes[0], "services of type fifo are served as type unix: "
                                      "pickup, qmgr");
}

TEST_F(Table, WhatHasFilesOutsideTheQueueRunsOutsideTheJail)
{
    read("pickup unix n - y 60 1 true\nqmgr unix n - y 300 1 qmgr\n");
    EXPECT_EQ(configuration.notes,
              (std::vector<std::string>{
                  "service qmgr/unix runs without chroot: qmgr has a file in data_directory"}));
}

TEST_F(Table, BuiltInServicesGiveWayToMasterCf)
{
    read("resolver unix - - n - 1 true\n");
    EXPECT_NE(services().find("resolver/unix=true"), std::string::npos);
    EXPECT_EQ(told().find("resolver"), std::string::npos);
    EXPECT_NE(told().find("built-in services"), std::string::npos) << "postlogd is not in /bin";
}

} // namespace
