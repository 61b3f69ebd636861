// SPDX-License-Identifier: Apache-2.0
// The rules by which failures are classified; see failure_rules.h. A phrase is a way of speaking
// that many servers share, never a whole reply. Where a text fits several classes, weights decide:
// who is spoken of (the sender, our host) weighs more than what is said ("unknown", "rejected").
#include "lib/mail/failure_rules.h"

#include <limits>

namespace mail::failure_rules {

namespace {

using enum FailureClass;

constexpr std::uint16_t any = std::numeric_limits<std::uint16_t>::max();

constexpr WordSet sets[] = {
    {"box", "user|users|username|userid|recipient|recipients|account|mailbox|mailboxes|inbox|"
            "mailaddress|addressee|alias|person|member|customer|subscriber|maildir|mailuser"},
    {"addr", "user|users|username|userid|recipient|recipients|account|mailbox|mailboxes|inbox|"
             "mailaddress|addressee|alias|person|member|address|addresses|rcpt|customer|"
             "subscriber|local|email|mailuser|uid"},
    {"not", "not|no|isnt|doesnt|wasnt|cannot|cant|could|couldnt|didnt|dont|never|nor"},
    {"quota", "quota|quotas|storage|space|disk|diskspace|allocation|capacity|allotment"},
    {"exceed", "exceed|exceeds|exceeded|exceeding|over|full|reached|above|violation"},
    {"us", "ip|ips|ipv4|ipv6|host|hosts|client|server|servers|connection|connections|network|"
           "netblock|subnet|sender|mta|relay|system"},
    {"spam", "spam|uce|ube|junk|spammy|phish*|bulk|spamassassin"},
    {"message", "message|messages|mail|email|emails|mails|content|letter|body|e|data"},
    {"reject", "reject|rejected|rejecting|rejects|refused|refuse|denied|deny|declined|blocked|"
               "discarded|dropped|unacceptable|prohibited|unwelcome"},
    {"list", "spamhaus|barracudacentral|brbl|bl|dnsbl|dnsbls|rbl|rbls|rblsmtpd|spamcop|sorbs|cbl|"
             "abuseat|uceprotect|psbl|surriel|invaluement|spamrats|mailspike|senderscore|"
             "blocklist*|blacklist*|blackhole*|denylist*|zen|sbl|xbl|pbl|css|dnsrbl|ivmsip|"
             "hostkarma|manitu|spameatingmonkey|truncate|njabl|dsbl|ordb|trendmicro|talos"},
    {"auth", "spf|dkim|dmarc|arc|senderid|domainkeys|fcrdns"},
};

constexpr PhraseRule rules[] = {
    // Bad address: nobody of that name.
    {BadAddress, true, 7, "$box ~ unknown|unknow|unkown|nonexist*|inexistent|nosuch*"},
    {BadAddress, true, 7, "unknown|nonexist*|inexistent|unrecognized|unrecognised ~ $box"},
    {BadAddress, true, 7, "unknown|bad|nonexist* local|remote part|mailbox|user|recipient"},
    {BadAddress, true, 5, "unknown $addr"},
    {BadAddress, true, 7,
     "no such|mailbox|user|account|recipient|address|addressee here|by|with|"
     "for|of|$addr"},
    {BadAddress, true, 7, "no $addr here|found|by|exists|with|named|known"},
    {BadAddress, true, 7, "no|not|nor|without ~ such $addr|person|name|domain|mail"},
    {BadAddress, true, 8,
     "nosuchuser|recipnotfound|recipientnotfound|unknownuser|usernotfound|"
     "userunknown|nosuchmailbox|invalidrecipient|badrcptto|nouser"},
    {BadAddress, true, 7, "$addr ~~ doesnt|didnt|not exist|exists|exit"},
    {BadAddress, true, 7,
     "$addr ~~ no longer exist*|valid|available|active|here|works|work*|on|"
     "in|with|used|use|accept*|receiv*|employ*"},
    {BadAddress, true, 7,
     "$addr ~ not found|known|registered|valid|recognized|recognised|listed|"
     "existing|exist|here|hosted|local|defined|configured|present"},
    {BadAddress, true, 7, "$addr ~ couldnt|cannot|cant ~ found|find|resolve*|located|verified"},
    {BadAddress, true, 7,
     "cannot|cant|could|couldnt|unable|failed not|to|be|find|locate|resolve|"
     "recognize ~ find|locate|resolve|recognize|$addr ~ $addr|user"},
    {BadAddress, true, 7, "not ~ a|valid|our|local|known|existing ~ $addr"},
    {BadAddress, true, 7, "invalid|illegal|incorrect|bogus|erroneous|wrong ~ $box"},
    {BadAddress, true, 6,
     "invalid|illegal|incorrect|bogus|bad ~ address|rcpt|destination|"
     "addresses|to"},
    {BadAddress, true, 7, "$box ~ invalid|incorrect|nonvalid"},
    {BadAddress, true, 6, "address ~ invalid|incorrect|unknown|nonexistent"},
    {BadAddress, true, 6,
     "address|recipient|mailbox|user|account ~ unavailable|inactive|"
     "deactivated|terminated|deleted|removed|cancelled|canceled|closed"},
    {BadAddress, true, 7, "does|do|did not have|has ~ a|an|any ~ account|mailbox|user|address"},
    {BadAddress, true, 7, "doesnt have ~ account|mailbox|user|email"},
    {BadAddress, true, 7, "no ~ account|mailbox|user|alias ~ by|with|for|of that|this|the name"},
    {BadAddress, true, 7, "not ~ our|the|this customer*|member*|subscriber*|user*|employee*"},
    {BadAddress, true, 7, "undeliverable|undelivered address|mailbox|recipient"},
    {BadAddress, true, 5, "unrouteable|unroutable|unrouted address|mail|recipient"},
    {BadAddress, true, 7, "unknown in|to ~ virtual|relay|local|recipient|mailbox|alias"},
    {BadAddress, true, 6, "all|no recipients|recipient ~ invalid|valid|failed|specified"},
    {BadAddress, true, 6, "no valid recipient*"},
    {BadAddress, true, 7, "check|double|verify ~~ typo*|spelling|spelled|misspell*"},
    {BadAddress, true, 7, "not listed in ~ domino|directory|address|public"},
    {BadAddress, true, 7, "name|user|recipient ~ not unique|listed ~ directory|domino"},
    {BadAddress, true, 7, "recipient ~ does|could|was|is not ~ exist|found|known|match"},
    {BadAddress, true, 7, "delivery to ~ address ~ not|never possible|accepted|allowed"},
    {BadAddress, true, 6,
     "address|recipient|mailbox|user ~ has|have moved|left|changed|retired|"
     "resigned|departed|been"},
    {BadAddress, true, 7, "recipient|user|address|mailbox no longer"},
    {BadAddress, true, 7, "no longer ~ on|with|at|in ~ server|company|us|list|use|service|system"},
    {BadAddress, true, 7, "user|recipient|account|mailbox ~ moved|relocated"},
    {BadAddress, true, 7, "please ~ new ~ address"},
    {BadAddress, true, 5, "user|recipient not local"},
    {BadAddress, true, 7, "no mailbox|account|user here"},
    {BadAddress, true, 6, "mailbox ~ not found|available|available"},
    {BadAddress, true, 6, "requested ~ action ~~ mailbox unavailable|not"},
    {BadAddress, true, 6, "possibly incorrect"},
    {BadAddress, true, 6, "bad address syntax"},
    {BadAddress, true, 7, "bad destination ~ address|mailbox"},
    {BadAddress, true, 6, "recipient*|address|destination ~ invalid|syntax"},
    {BadAddress, true, 9, "recipient address rejected access denied"},
    {BadAddress, true, 5, "recipient address rejected"},
    {BadAddress, true, 5, "address|recipient|rcpt|user|mailbox rejected|refused"},
    {BadAddress, true, 8, "recipient ~ address ~ user unknown"},
    {BadAddress, true, 8, "remote server returned unknown recipient"},
    {BadAddress, true, 8,
     "recipient address rejected ~ undeliverable|unverified|user|unknown|no|"
     "mailbox|does"},
    // The mailbox is there, and not in use. An administrator may bring it back: soft.
    {BadAddress, false, 8,
     "$box ~~ disabled|suspended|discontinued|locked|frozen|"
     "deactivated|inactive|expired|dormant|unpaid"},
    {BadAddress, false, 7, "user|account|mailbox is|has|temporarily ~ blocked|restricted"},
    {BadAddress, false, 7, "account ~ unavailable|closed|inbounds"},
    {BadAddress, false, 8,
     "disabled|suspended|discontinued|locked|frozen|inactive|deactivated|"
     "expired|dormant $box"},
    {BadAddress, false, 8,
     "disableduser|userdisabled|accountdisabled|mailboxdisabled|"
     "inactiveuser|inactiverecipient"},
    {BadAddress, false, 7, "address|email|domain ~~ disabled|suspended|discontinued|deactivated"},
    {BadAddress, false, 8, "email ~ account|address ~ tried ~ reach is disabled|inactive"},
    {BadAddress, false, 7, "mailbox ~ not accept*|taking|receiv*"},
    {BadAddress, false, 6, "$box ~ not|isnt active|enabled|activated|available"},
    {BadAddress, false, 5,
     "mailbox|recipient|account|user temporarily|currently unavailable|"
     "disabled|unable|locked"},
    // Other languages.
    {BadAddress, true, 7,
     "unbekannt*|inconnu*|desconocid*|sconosciut*|onbekend*|desconhecid*|"
     "okand* ~ benutzer|empf*|adress*|postfach|utilisateur|destinataire|"
     "usuario|destinatario|utente|gebruiker|usu*"},
    {BadAddress, true, 7,
     "benutzer|empf*|adress*|postfach|utilisateur|destinataire|usuario|"
     "destinatario|utente|gebruiker|indirizzo|casella ~ unbekannt*|"
     "inconnu*|desconocid*|sconosciut*|onbekend*|desconhecid*|inesistente|"
     "existiert|inexistant*|existe|esiste|bestaat"},
    {BadAddress, true, 7,
     "*用户不存在*|*收件人不存在*|*邮箱不存在*|*該当するユーザ*|"
     "*見つかりません*|*宛先不明*|*지않는*|*존재하지*"},
    {BadAddress, true, 7,
     "*ользовател*|*щик|*дрес*|*олучател* ~ не найден*|существует|"
     "зарегистрирован*"},

    // Mailbox full.
    {MailboxFull, false, 9,
     "$box|email|mail|folder|quota|mailfolder|dropbox ~ full|overfull|"
     "overflow*|overquota"},
    {MailboxFull, false, 9, "full $box"},
    {MailboxFull, false, 9, "over|exceed*|out|beyond|above ~ $quota"},
    {MailboxFull, false, 9, "$quota ~ $exceed|overrun|overdrawn|insufficient|exhausted|depleted"},
    {MailboxFull, false, 9,
     "overquota|quotaexceeded|mailboxfull|overquotatemp|overquotaperm|"
     "mailboxquotaexceeded|mapiexceptionshutoffquotaexceeded|quota_exceeded|"
     "exceededquota"},
    {MailboxFull, false, 8,
     "not|no|insufficient|low enough|sufficient|more|free|available|disk|"
     "left|storage|space|system ~ space|storage|room|quota|disk"},
    {MailboxFull, false, 7, "no space left"},
    {MailboxFull, false, 8, "file too large"},
    {MailboxFull, false, 9, "blocks|inode|inodes limit exceeded"},
    {MailboxFull, false, 9,
     "mailbox|maildir|mailfolder|account|inbox|user size ~ limit ~ exceeded"},
    {MailboxFull, false, 9, "exceeded ~ storage|mailbox|quota|disk"},
    {MailboxFull, false, 9, "inbox ~ out of storage"},
    {MailboxFull, false, 9, "mail container ~~ full"},
    {MailboxFull, false, 7,
     "mailbox|account|user|inbox|recipient ~~ over|exceed*|too|quota ~ "
     "limit|size|quota|big|large|allowed|full|maximum|allotted"},
    {MailboxFull, false, 7, "out|short of|on ~ storage|space|disk"},
    {MailboxFull, false, 7,
     "too|many|much|maximum ~ messages|mail|mails ~ in|on ~ mailbox|server|"
     "inbox|maildrop"},
    {MailboxFull, false, 7, "storage allocation"},
    {MailboxFull, false, 5, "quota"},
    {MailboxFull, false, 7, "disk full"},
    {MailboxFull, false, 9,
     "postfach|mailbox|boite|buzon|casella|caixa|bo*|speicher*|kontingent|"
     "buz* ~ voll|pleine|plein|llen*|piena|pieno|cheia|vol|erschöpft|"
     "überschritten|überfüllt|satura"},
    {MailboxFull, false, 9,
     "*邮箱空间*|*邮箱已满*|*容量超*|*容量オーバー*|*一杯*|*용량*|"
     "*переполнен*"},

    // Blocked: our host, its network or its name is not liked.
    {Blocked, false, 9,
     "blocked|listed|rejected|denied|refused|found|denied|block ~ using|by|at|"
     "in|on|via|from ~ $list"},
    {Blocked, false, 9,
     "listed|blocked|blocklisted|blacklisted ~ at|in|on|by|using ~ $list|see|"
     "http|https|lookup"},
    {Blocked, false, 8, "$list"},
    {Blocked, false, 11,
     "spamhaus*|barracudacentral|brbl|dnsbl|dnsbls|rblsmtpd|spamcop|sorbs|cbl|"
     "abuseat|uceprotect|psbl|invaluement|hostkarma|xbl|pbl|spamrl"},
    {Blocked, false, 12, "ip|host|server ~ identified|known ~ spammer|spam source"},
    {Blocked, false, 9, "in whitelist|allowlist"},
    {Blocked, false, 9, "blacklist*|blocklist*|denylist*|dnsbl|rbl"},
    {Blocked, false, 9,
     "$us ~~ blacklist*|blocklist*|blocked|banned|denied|listed|barred|"
     "graylisted|throttled"},
    {Blocked, false, 8, "blocked|banned|block|listed ~ $us"},
    {Blocked, false, 10,
     "poor|low|bad|no|negative|insufficient|sending|sender|ip|your|its|domain ~ "
     "reputation"},
    {Blocked, false, 8, "reputation"},
    {Blocked, false, 9, "client host rejected"},
    {Blocked, false, 9,
     "client|your|sending|connecting host|address|ip|hostname|server|name|mta ~ "
     "rejected|refused|denied|prohibited|disallowed"},
    {Blocked, false, 8, "blocked see|for|due|by|because|until|at|from|using"},
    {Blocked, false, 7, "has|have|been|is|was|are|temporarily|permanently blocked|banned"},
    {Blocked, false, 9,
     "reverse|ptr|rdns ~ dns|lookup|record|records|hostname|name|entry|mapping|"
     "resolution"},
    {Blocked, false, 8, "ptr|rdns|fcrdns|revdns|reversedns"},
    {Blocked, false, 8,
     "dynamic|residential|dialup|dial|generic|broadband|dsl|pool|consumer ~ ip|"
     "address|addresses|host|hostname|up|client|range|ips|dns|rdns|ptr"},
    {Blocked, false, 9,
     "cannot|cant|unable|not|failed ~ find|resolve|resolved|found|verify|lookup "
     "~ your|client|hostname|reverse ~ hostname|name|host|address|dns"},
    {Blocked, false, 8,
     "helo|ehlo ~ rejected|refused|denied|invalid|mismatch|match|not|bad|"
     "host|resolve|required|fqdn|bogus|forged"},
    {Blocked, false, 8, "open relay|proxy"},
    {Blocked, false, 9, "user|recipient|spam complaint*"},
    {Blocked, false, 8, "complaints"},
    {Blocked, false, 8,
     "connection|connections|mail|messages|traffic|email ~ from ~ $us ~~ "
     "blocked|refused|rejected|deferred|not|denied|restricted|accepted|limited"},
    {Blocked, false, 8,
     "not accept*|allowed ~ connection*|mail|messages|email ~ from ~ your|this|"
     "ip|host|network|server|servers|you"},
    {Blocked, false, 7, "no mail|connections ~ accepted ~ from"},
    {Blocked, false, 8, "spam|abuse|suspicious|malicious ~ from|by|activity ~ your|this|$us"},
    {Blocked, false, 12, "unusual rate ~~ unsolicited|mail"},
    {Blocked, false, 8, "unsolicited ~~ originating from|ip"},
    {Blocked, false, 8, "delist*|unblock*|removal|whitelist*|allowlist*"},
    {Blocked, false, 6, "no longer accept* ~ mail|messages ~ from"},
    {Blocked, false, 8, "temporarily deferred due ~ user|complaints|unexpected|volume"},
    {Blocked, false, 8, "bad dns ptr|reverse"},
    {Blocked, false, 8, "ip|client|address name|possibly possibly|forged forged|mismatch"},
    {Blocked, false, 9, "network|ip ~ is|are ~ on ~ block|black list"},
    {Blocked, false, 8,
     "country|geographic|region|geoip|asn ~ blocked|not|denied|rejected|restricted"},

    {Blocked, false, 10, "banned sending|sender|ip|client"},
    {Blocked, false, 12, "not authorized to send ~ directly to ~ servers"},
    {Blocked, false, 11, "not allowed to connect"},
    {Blocked, false, 7, "failure for ~ recipients ~ blocked"},
    {Blocked, false, 10, "access from ip ~ address ~~ blocked|denied"},
    {Blocked, false, 9, "no smtp service"},
    {Blocked, false, 9, "network ~ is ~ on our block list"},
    {Blocked, false, 9, "messages ~ from ~~ werent sent"},
    {Blocked, false, 9, "messages|mail from ~~ temporarily|permanently deferred"},
    {Blocked, false, 9, "too many spams|spam ~ from"},
    {Blocked, false, 9, "ipcheck|barracudacentral|senderscore|ipb|iplookup"},
    {Blocked, false, 9, "ask your postmaster for help"},
    {Blocked, false, 9, "your access to ~ mail|submit ~~ rejected|denied|refused"},
    {Blocked, false, 9, "rate limited due to ip reputation"},
    {Blocked, false, 9, "is|are not allowed to connect|send ~ directly|here"},
    {Blocked, false, 9, "in an|the rbl|dnsbl"},
    {Blocked, false, 7, "envelope blocked"},
    {Blocked, false, 9, "ip|client|hostname|host ~ lookup failed"},
    {Blocked, false, 7, "not accepting connections|mail|messages"},

    // Policy: a rule is broken.
    {Policy, false, 9,
     "$auth ~~ fail*|error|reject*|none|policy|record|check|unauth*|not|"
     "softfail|pass*|invalid|align*|quarantine|validation|verification|"
     "settings|missing|required|mismatch|permerror|temperror|denied|said|"
     "violation|authentication"},
    {Policy, false, 8, "$auth"},
    {Policy, false, 9,
     "unauthenticated|authenticat* ~ email|mail|message|sender|checks|"
     "information|required|fail*|requirement*"},
    {Policy, false, 9,
     "not authenticated|authorized|authorised|permitted|allowed|designated ~ "
     "to|sender|relay|for ~ send|relay|sender|use|from"},
    {Policy, false, 9,
     "sender|from|return|mail|envelope ~ address|domain|path ~ rejected|invalid|"
     "refused|denied|not|does|doesnt|unknown|unresolvable|malformed|must|"
     "cannot|couldnt|unverified|syntax|has|isnt|unrouteable"},
    {Policy, false, 9,
     "sender ~ rejected|denied|refused|unknown|invalid|not|blocked|unauthorized|"
     "does|doesnt|cannot|unsigned|owned"},
    {Policy, false, 11, "sender ~ verify|verification|callout|callback"},
    {Policy, false, 11, "callback|callout setup|verification|failed"},
    {Policy, false, 9, "verification ~ sender|from|failed"},
    {Policy, false, 9,
     "invalid|bad|unknown|illegal|forged|spoofed|unresolvable|unverifiable ~ "
     "sender|return|from|reply|originator|envelope"},
    {Policy, false, 9, "domain of sender ~ address"},
    {Policy, false, 9, "senders ~ domain|address ~ not|does|doesnt|cannot|unresolvable"},
    {Policy, false, 9, "cant|cannot determine purported|responsible"},
    {Policy, false, 9, "purported responsible"},
    {Policy, false, 10,
     "relay|relaying ~ denied|prohibited|refused|rejected|disallowed|not|"
     "disabled|permitted|access|unable|allowed|forbidden"},
    {Policy, false, 9, "not|unable|cannot|will|wont|no|open ~ relay|relaying|permit"},
    {Policy, false, 9, "sorry that domain isnt in my list"},
    {Policy, false, 8,
     "isnt|not in|on|within ~ my|our|the list|allowed* ~ rcpthosts|hosts|domains"},
    {Policy, false, 9, "greylist*|graylist*|postgrey|grey|greylisted"},
    {Policy, false, 8,
     "try|retry|come ~ again|back|later ~ in|after ~ minutes|seconds|minute|sec|"
     "secs|min"},
    {Policy, false, 9, "rate ~ limit*|exceed*|throttl*|prevents|high|control|too|sending"},
    {Policy, false, 9, "throttl*|ratelimit*|speed"},
    {Policy, false, 9,
     "too|many|excessive|maximum|max|exceed*|limit ~ connections|connection|"
     "sessions|recipients|rcpts|concurrent|simultaneous|invalid|errors|commands|"
     "attempts|requests"},
    {Policy, false, 9,
     "too|many|excessive|maximum|max ~ messages|mails|emails|mail ~ per|from|"
     "sent|this|in|too|received|hour|today|day"},
    {Policy, false, 9, "receiving ~ mail ~ too|at ~ quickly|rate|fast"},
    {Policy, false, 9, "too|sent|sending|received|mail|messages fast|quickly|frequently|often"},
    {Policy, false, 8,
     "concurrency|concurrent|simultaneous|connections limit*|rate|exceeded|"
     "number|per"},
    {Policy, false, 10, "limits for how many messages"},
    {Policy, false, 10, "sending domain ~~ required authentication level"},
    {Policy, false, 11, "frequency limit*"},
    {Policy, false, 9, "max|maximum emails|messages|mails per"},
    {Policy, false, 9, "exceeded permitted|their|the|its limits|rate|daily|hourly|max|sending"},
    {Policy, false, 11, "dns|mx|record|records ~ for sender domain"},
    {Policy, false, 9, "null sender ~ not allowed|accepted"},
    {Policy, false, 9, "badmailfrom|badrcptfrom"},
    {Policy, false, 9, "sender ~ in ~ badmailfrom|list|block|blacklist"},
    {Policy, false, 9, "sender|from has no ~ a|mx|dns|address"},
    {Policy, false, 9, "anti|header based spoofing"},
    {Policy, false, 9, "turn on ~ authentication"},
    {Policy, false, 9, "thread|concurrency|resources limit|restricted exceeded"},
    {Policy, false, 8, "policy|security reason|reasons|restrictions|restriction"},
    {Policy, false, 7, "service refuse*"},
    {Policy, false, 9, "sendernotauthenticatedforgroup|notauthorized|tenantattribution"},
    {Policy, false, 8,
     "daily|hourly|sending|message|outbound|recipient limit|quota|rate ~ "
     "exceeded|reached|user|limit"},
    {Policy, false, 7,
     "local|administrative|security|site|organization|company|our|mail|email|"
     "system|server|content|by|of|to|due|transport policy|policies|rule|rules"},
    {Policy, false, 6,
     "policy|policies|prohibited|prohibition|forbidden|unauthorized|"
     "unauthorised|permission*|administratively"},
    {Policy, false, 6, "protocol|rfc violation|error|compliance|compliant"},
    {Policy, false, 6, "access ~ denied|refused|rejected|restricted"},
    {Policy, false, 5, "authentication|auth ~ required|failed|needed|mechanism|credentials"},
    {Policy, false, 6,
     "recipient|user|group|mailbox ~ preference*|filters|settings|restrictions|"
     "restricted|only"},
    {Policy, false, 7, "refused ~ recipient* preference*"},
    {Policy, false, 7,
     "only|restricted ~ authorized|internal|authenticated|certain|members|"
     "senders|allowed"},
    {Policy, false, 7, "not allowed|permitted|authorized|authorised|accepted|entitled"},
    {Policy, false, 6, "delivery not authorized|authorised"},
    {Policy, false, 3, "$reject"},
    {Policy, false, 3, "reject*"},
    {Policy, false, 7, "spoof*|impersonat*|forged|forgery"},
    {Policy, false, 7, "challenge|response verification|moderat*"},
    {Policy, false, 6, "try again later"},

    // Content: this message is not liked.
    {Content, false, 10,
     "due|classified|rejected|blocked|refused|detected|considered|identified|"
     "marked|scored ~ as|to|for|because|like ~ $spam"},
    {Content, false, 10, "suspicion of|high $spam|probability"},
    {Content, false, 9, "$message ~~ $spam"},
    {Content, false, 9, "content presents ~ security issue"},
    {Content, false, 10, "likely unsolicited mail"},
    {Content, false, 11, "suspicious due ~~ content|links"},
    {Content, false, 8, "message|mail filtered"},
    {Content, false, 9, "banned|infected|bad header|id|file|attachment|filename|eicar"},
    {Content, false, 9, "reject ~ banned|infected|virus|spam"},
    {Content, false, 9, "id ~ banned|infected|virus|spam|bad"},
    {Content, false, 9, "spm|antispam|spamcontent|mcspam*|*spamsignature*|*virussignature*"},
    {Content, false, 9, "content denied|spam"},
    {Content, false, 9, "a url in ~ email|message ~~ listed"},
    {Content, false, 8,
     "$spam ~ message|mail|content|detected|score|filter*|classification|"
     "rejected|blocked|probability|likely|checks|suspected|like|identified"},
    {Content, false, 7, "$spam"},
    {Content, false, 8,
     "looks|seems|classified|identified|detected|considered|scored|marked|"
     "flagged|recognized|suspected|appears|categorized|rated ~ like|as|be|to ~ "
     "$spam"},
    {Content, false, 9,
     "virus|viruses|malware|trojan|worm|infected|eicar|ransomware|clamav|"
     "virusscan|malicious ~ found|detected|in|content|attachment|code|file|"
     "message|mail|url|link|by|test|infected|contains|rejected"},
    {Content, false, 9,
     "contain*|carries|found|detected|infected|with|carrying ~ virus|viruses|"
     "malware|trojan|worm|malicious|infected|suspicious"},
    {Content, false, 7, "virus|malware|trojan|infected|eicar"},
    {Content, false, 8,
     "$message ~ content ~ rejected|blocked|unacceptable|refused|denied|"
     "filtered|inappropriate|suspicious|prohibited"},
    {Content, false, 7,
     "content ~ rejected|filter*|blocked|unacceptable|restriction*|policy|"
     "not|inappropriate|violation"},
    {Content, false, 7, "unsolicited ~ mail|email|bulk|commercial|content|message*"},
    {Content, false, 8, "suspicious ~ content|message|link|url|attachment|header|subject"},
    {Content, false, 9, "$message|size|attachment|attachments ~~ too big|large|long"},
    {Content, false, 9, "$message ~ size|length ~~ exceed*|limit|too|maximum|greater|larger|over"},
    {Content, false, 9, "size ~~ exceed*|limit|maximum|larger|greater|fixed"},
    {Content, false, 9, "exceed*|larger|greater|maximum|over ~~ $message ~ size|length|limit"},
    {Content, false, 8, "exceed*|maximum ~ size|limit ~ message|fixed|maximum|messages"},
    {Content, false, 9,
     "recipsizelimit|sendsizelimit|messagesizelimit|messagetoolarge|"
     "messagetoobig"},
    {Content, false, 8, "too big|large ~ for|message|mail"},
    {Content, false, 9,
     "attachment*|file|filename|extension* ~ not|type|types|blocked|rejected|"
     "allowed|denied|banned|forbidden|prohibited|executable|zip|exe|policy"},
    {Content, false, 9,
     "executable|banned|blocked|forbidden|prohibited|encrypted|dangerous "
     "attachment*|file*|content|extension*|filename*"},
    {Content, false, 9,
     "header|headers|subject|field ~ missing|invalid|malformed|not|syntax|"
     "contains|multiple|duplicate|rejected|illegal|required|must|error|is|non"},
    {Content, false, 9,
     "missing|invalid|malformed|multiple|duplicate|illegal|bad|no|empty|"
     "several|two ~~ header|headers|subject|message id|field"},
    {Content, false, 10, "addresses in from header"},
    {Content, false, 10, "multiple ~~ from header|headers|addresses"},
    {Content, false, 10, "multiple|several addresses|mailboxes in|from ~ from|header"},
    {Content, false, 8, "rfc ~ 5322|2822|822|compliant|conform*|2047"},
    {Content, false, 8, "5322|2822|2047"},
    {Content, false, 9, "bare lf|cr|newline|linefeed|line"},
    {Content, false, 8,
     "mime|8bit|8bitmime|7bit|nul|null ~ error|invalid|malformed|not|byte|"
     "bytes|character*|boundary|part|parts|violation|header|structure"},
    {Content, false, 8, "line|lines too long"},
    {Content, false, 8,
     "url|urls|uri|link|links ~~ listed|blacklist*|blocked|surbl|uribl|dbl|"
     "malicious|phish*|suspicious|reputation|found"},
    {Content, false, 12, "surbl|uribl|dbl"},
    {Content, false, 9, "phishing"},
    {Content, false, 7, "message ~ scored|score|likely"},
    {Content, false, 7, "likely|suspicious|suspected ~ unsolicited|spam"},
    {Content, false, 6,
     "$message ~ refused|rejected|blocked|denied ~ filter|content|score|"
     "scanner|due"},
    {Content, false, 6,
     "smtputf8|charset|character set|internationalized ~ not|required|"
     "supported|unsupported|address*"},

    // Network: no conversation.
    {Network, false, 9,
     "connection|connect|conversation|operation|session|lost|read|write|socket|"
     "dialogue|greeting|command ~~ timed|timeout"},
    {Network, false, 9,
     "connection|connect ~~ refused|reset|closed|dropped|lost|aborted|failed|"
     "interrupted|broken|terminated|unreachable"},
    {Network, false, 9, "lost connection"},
    {Network, false, 8, "timed out"},
    {Network, false, 9,
     "network|host|destination|server|mx|mta ~ unreachable|down|unavailable|"
     "responding|offline"},
    {Network, false, 9, "no route to host"},
    {Network, false, 9,
     "not|didnt|couldnt|unable|failed|cannot|cant ~ accept|respond|connect|"
     "contact|reach|establish|answer ~ to|connection*|requests|in|with|any|"
     "server|host|time"},
    {Network, false, 8, "message|delivery|retry|queue|mail ~ expired|timeout|timed"},
    {Network, false, 8, "retry time|timeout not|exceeded|reached"},
    {Network, false, 8, "expired unable|after|in|delivery|connection"},
    {Network, false, 7,
     "undeliverable|undelivered|unable|deliver* ~~ for|in|after ~ hours|days|"
     "minutes"},
    {Network, false, 8, "broken pipe"},
    {Network, false, 9, "remote host|server ~ closed|said|disconnected|dropped|went|hung|not"},
    {Network, false, 8, "unexpected|premature* ~ eof|disconnect*|close*|end"},
    {Network, false, 7, "delivery temporarily suspended"},
    {Network, false, 6, "service|server|system|host ~ shutting|closing|down|offline"},
    {Network, false, 8, "bad greeting|banner"},
    {Network, false, 8, "all ~ hosts|servers|mx ~ failed|failing|unreachable|down|busy|tried"},

    // DNS: the domain, not the mailbox.
    {Dns, true, 9, "host|domain|hostname|mx|server ~ not found|exist|exists|resolve*"},
    {Dns, true, 9,
     "no|unknown|invalid|nonexistent|bad such|host|domain|mx|destination|"
     "hostname ~ host|domain|found|mx|name|record*|known"},
    {Dns, true, 8, "host|domain|hostname unknown|nonexistent|invalid"},
    {Dns, true, 9,
     "domain ~~ doesnt|does|not|no|never ~ receive|accept|handle|have|exist|"
     "accepts|mail|take"},
    {Dns, true, 9, "null mx"},
    {Dns, true, 9, "nullmx|nxdomain|nodata"},
    {Dns, true, 9, "domain is|was not reachable|resolvable|registered|valid|found"},
    {Dns, false, 8, "domain|host ~ unreachable|unresolvable|unrouteable|unroutable"},
    {Dns, false, 9, "name|domain service|server ~ error|reply|failure|unavailable|lookup"},
    {Dns, true, 9, "name service error ~~ host|domain not found"},
    {Dns, false, 9,
     "dns ~ error|failure|failed|query|lookup|lookups|loop|problem|servfail|type|"
     "temporary|timeout|resolution|returned|responded|timed"},
    {Dns, false, 9, "all ~ host|mx lookup*|records|address ~ failed|point|non"},
    {Dns, false, 9,
     "mx|a|aaaa|address record|records|lookup|host|hosts ~ not|found|missing|for|"
     "failed|could|exist|point*|points|no|invalid|cannot"},
    {Dns, false, 9,
     "unable|cannot|cant|could|failed ~ resolve|lookup|resolved ~ domain|host|mx|"
     "hostname|name|address|dns|route|server"},
    {Dns, false, 8, "servfail|dnssec|nameserver*"},
    {Dns, false, 8, "temporary|permanent lookup failure"},

    {Dns, true, 10, "recipient address rejected domain not found"},
    {Dns, true, 9, "find ~ host named"},
    {Dns, false, 9, "find ~ mail exchanger"},
    {Dns, false, 9, "cname lookup"},
    {Dns, false, 9, "dns ~ responded|nxdomain"},

    // TLS.
    {Tls, false, 9,
     "tls|ssl|starttls|encryption|encrypted|https ~~ required|must|needed|"
     "mandatory|not|fail*|handshake|error|unavailable|available|first|offered|"
     "before|session|connection|certificate|cannot|refused|issue|version|cipher|"
     "protocol|enforced|support*|negotiat*|untrusted|due|only"},
    {Tls, false, 9,
     "must|need|require*|please|issue|use|start|cannot|requires ~~ tls|starttls|"
     "ssl|encryption|encrypted"},
    {Tls, false, 9,
     "certificate ~~ verif*|expired|untrusted|invalid|trusted|mismatch|not|fail*|"
     "self|match|required|error|revoked"},
    {Tls, false, 9, "dane|tlsa|requiretls|sts|handshake"},
    {Tls, false, 7, "tls|starttls|ssl"},
    {Tls, false, 7, "security ~ not|level|requirement* ~ supported|met|sufficient|required"},

    // Loop.
    {Loop, false, 12,
     "mail|routing|forwarding|message|email|delivery|alias|possible|infinite "
     "loop|loops|looping"},
    {Loop, false, 12, "loops|loop back|detected|found|to"},
    {Loop, false, 12, "in a ~ loop"},
    {Loop, false, 12, "too many hops|received"},
    {Loop, false, 12, "hop|hops ~ count|limit ~ exceed*|too|reached|maximum"},
    {Loop, false, 12, "too many ~ hops|received|forwards|forwardings|aliases"},
    {Loop, false, 12, "maximum ~ hop|hops|forwards|forwarding"},
    {Loop, false, 10, "delivered to ~ already|myself|loop"},
    {Loop, false, 10, "already ~ delivered|received ~ address|message|loop"},
    {Loop, false, 8, "loop|looping"},
    {Loop, false, 10, "ma ximum hop"},

    // Machines that answer.
    {AutoReply, false, 12, "out of ~ office"},
    {AutoReply, false, 12,
     "auto|automatic|automated|autoreply|autoresponder|autoresponse "
     "reply|response|responder|answer"},
    {AutoReply, false, 12, "autoreply|autoresponder|autoresponse|vacation|abwesenheit*"},
    {AutoReply, false, 12, "on|am|currently ~ holiday|holidays|leave|vacation"},
    {AutoReply, false, 12, "away from ~ office|desk|email|mail"},

    // What tells nothing, in so many words.
    {Unknown, false, 11, "couldnt|cant|cannot|unable ~ create|lock|append|rename"},
    {Unknown, false, 6, "transaction|delivery failed"},
    {Unknown, false, 6, "service|server|system|resources ~ unavailable|busy|overloaded|available"},
    {Unknown, false, 5,
     "temporary|internal|local|server|system|configuration|unexpected|general|"
     "unspecified ~ failure|error|problem|trouble"},
    {Unknown, false, 6,
     "command|parameter|argument* ~ not|unrecognized|unrecognised implemented|"
     "recognized|recognised|known"},
    {Unknown, false, 6,
     "syntax|bad|out|invalid ~ error|sequence|command|order|argument*|arguments"},
};

constexpr DetailRule detail_rules[] = {
    {1, 0, 0, BadAddress, true, 3},
    {1, 1, 1, BadAddress, true, 6},
    {1, 2, 2, Dns, true, 6},
    {1, 3, 3, BadAddress, true, 6},
    {1, 4, 4, BadAddress, false, 5},
    {1, 6, 6, BadAddress, true, 7},
    {1, 7, 8, Policy, false, 6},
    {1, 10, 10, Dns, true, 6}, // RFC 7505 5
    {1, 90, 90, Policy, false, 7},
    {1, 351, 351, BadAddress, true, 5},
    {2, 0, 0, BadAddress, false, 2},
    {2, 1, 1, BadAddress, false, 4},
    {2, 2, 2, MailboxFull, false, 7},
    {2, 3, 3, Content, false, 6},
    {2, 4, 4, BadAddress, false, 3},
    {3, 1, 1, MailboxFull, false, 6},
    {3, 2, 2, Network, false, 2},
    {3, 3, 3, Unknown, false, 2},
    {3, 4, 4, Content, false, 8},
    {3, 5, 5, Unknown, false, 3},
    {4, 0, 0, Network, false, 3},
    {4, 1, 1, Network, false, 5},
    {4, 2, 2, Network, false, 6},
    {4, 3, 4, Dns, false, 5},
    {4, 5, 5, Network, false, 3},
    {4, 6, 6, Loop, false, 8},
    {4, 7, 7, Network, false, 4},
    {4, 8, 8, Loop, false, 6},
    {4, 14, 14, Loop, false, 8},
    {4, 300, 309, Network, false, 4},
    {4, 310, 315, Dns, false, 6},
    {4, 316, 316, Network, false, 6},
    {4, 317, 319, Tls, false, 4},
    {5, 0, 2, Unknown, false, 2},
    {5, 3, 3, Policy, false, 6},
    {5, 4, 6, Unknown, false, 3},
    {6, 0, 0, Content, false, 4},
    {6, 1, any, Content, false, 6},
    {7, 0, 3, Policy, false, 3},
    {7, 4, 5, Tls, false, 4},
    {7, 7, 7, Policy, false, 3},
    {7, 8, 9, Policy, false, 7},
    {7, 10, 11, Tls, false, 8}, // RFC 5248
    {7, 13, 14, Policy, false, 4},
    {7, 17, 18, BadAddress, true, 8}, // RFC 7293
    {7, 20, 24, Policy, false, 9},    // RFC 7372
    {7, 25, 25, Blocked, false, 9},
    {7, 26, 29, Policy, false, 9},
    {7, 30, 30, Tls, false, 9}, // RFC 8689
    {7, 50, 64, Policy, false, 4},
    {7, 100, 199, Policy, false, 6}, // Exchange Online from here on.
    {7, 500, 514, Blocked, false, 7},
    {7, 515, 519, Policy, false, 8},
    {7, 520, 520, Content, false, 8},
    {7, 600, 649, Blocked, false, 8},
    {7, 700, 799, Blocked, false, 7},
    {7, 800, 999, Blocked, false, 5},
};

constexpr CodeRule code_rules[] = {
    {421, Network, false, 1},     {450, Unknown, false, 0},   {452, MailboxFull, false, 1},
    {511, BadAddress, true, 3},   {521, Dns, false, 2},       {522, MailboxFull, false, 4},
    {523, Content, false, 4},     {530, Policy, false, 3},    {534, Policy, false, 3},
    {535, Policy, false, 4},      {538, Tls, false, 4},       {541, Content, false, 3},
    {542, BadAddress, true, 7},   {550, BadAddress, true, 1}, {551, BadAddress, true, 3},
    {552, MailboxFull, false, 2}, {553, BadAddress, true, 2}, {556, Dns, true, 6},
    {571, Policy, false, 3},      {572, Policy, false, 2},    {573, Policy, false, 2},
};

} // namespace

std::span<const PhraseRule> phrases()
{
    return rules;
}

std::span<const WordSet> word_sets()
{
    return sets;
}

std::span<const DetailRule> details()
{
    return detail_rules;
}

std::span<const CodeRule> codes()
{
    return code_rules;
}

} // namespace mail::failure_rules
