// SPDX-License-Identifier: Apache-2.0
// The phrases by which failures are classified; see failure_rules.h. A phrase joins concepts (who
// is spoken of, what is said of it), never a whole reply: the sets name the concepts. Where a text
// fits several classes, weights decide: who is spoken of (the sender, our host) weighs more than
// what is said ("unknown", "rejected"), and a name that means one thing only weighs most.
#include "lib/mail/failure_rules.h"

#include <algorithm>

#include "lib/base/strings.h"

namespace mail::failure_rules {

namespace {

using enum FailureClass;

constexpr WordSet sets[] = {
    // Who.
    {"who",
     "user|users|username|userid|userids|usr|recipient|recipients|recip|recips|account|"
     "accounts|mailbox|mailboxes|box|inbox|maildrop|drop|addressee|subscriber|member|customer|"
     "person|people|mailuser|mailaddress|employee|alias|rcpt|localpart|login|mbox|maildir|"
     "benutzer*|empfanger*|empfaenger*|postfach*|konto|utilisateur*|destinataire*|compte|"
     "usuari*|destinatari*|cuenta|buzon|utente|utenti|casella|gebruiker*|ontvanger*|"
     "caixa|konto|odbiorca|uzytkownik*|prijemce|kasutaja*"},
    {"dest", "$who|address|addresses|addr|email|emailaddress|destination|target|adress*|"
             "indirizzo|direccion|endereco|adres*"},
    {"us", "ip|ips|ipv4|ipv6|host|hosts|client|server|servers|mta|network|networks|netblock|"
           "subnet|range|provider|isp|hostname|machine|system|domain"},
    {"sender", "sender|senders|originator|mailfrom|expediteur|"
               "remitente|absender*|mittente|remetente"},
    {"message", "message|messages|mail|email|emails|mails|content|contents|letter|body|data|"
                "nachricht*|mensaje|messaggio|mensagem|correo"},
    // What of it.
    {"missing", "unknown|unknow|unkown|uknown|unkwown|nonexist*|inexist*|notfound|undeliverable|"
                "unrecogni*|unregistered|undefined|unidentified|invalid|invalide|incorrect*|"
                "erroneous|bogus|wrong|illegal|mistyped|misspel*|unbekannt*|inconnu*|"
                "desconocid*|sconosciut*|onbekend*|desconhecid*|ungultig*|ungueltig*|"
                "!exist*|!exits|!found|!find|!known|!know|!recogni*|!registered|!valid|"
                "!validate*|!listed|!locat*|!defined|!hosted|!resolv*|!correct|!identif*|"
                "!configured|!present|!match*|!belong*|!here|!local|!longer|!lookup|!looked|"
                "!verif*|!subscribed|!provisioned|!vorhanden|!existiert|!existe|!esiste|!bestaat|"
                "!istnieje|!trouve*|!encontrad*|!trovat*|!bekannt|!gefunden"},
    {"closed", "disabled|disable|suspended|suspend|suspension|discontinued|locked|frozen|"
               "deactivated|desactive*|inactive|inactif|dormant|unpaid|closed|terminated|deleted|"
               "removed|cancel*|expired|retired|archived|abandoned|inaccessible|hold|barred|"
               "deaktiviert|gesperrt|blocked|bloque|bloqueada|desactivad*|disattivat*|!active|"
               "!activ*|!enabled|!use|!used|!accepting|!receiving"},
    {"refused", "reject|rejected|rejecting|rejects|refused|refuse|refusing|denied|deny|declined|"
                "blocked|blocking|discarded|dropped|unacceptable|prohibited|unwelcome|"
                "disallowed|forbidden|undesired|!accept*|!allowed|!permitted|!welcome|!wanted|"
                "rechazado|refuse|abgelehnt|rejeitada"},
    {"forbidden", "denied|prohibited|refused|rejected|disallowed|forbidden|disabled|illegal|"
                  "restricted|unauthorized|unauthorised|!permitted|!allowed|!authori*|!accepted|"
                  "!accept|!supported|!enabled|!allow|!permit|!provided"},
    {"full", "full|overfull|overflow*|overquota|exhausted|depleted|overdrawn|overrun|voll|"
             "ueberfuellt|uberfullt|plein|pleine|llen*|piena|pieno|cheia|cheio|vol|lotado|"
             "pelna|saturad*|erschopft|uberschritten|satura"},
    {"quota", "quota|quotas|storage|space|diskspace|disk|disc|allocation|capacity|allotment|"
              "allowance|room|kontingent|speicherplatz|cuota|cota|espace"},
    {"exceed", "exceed*|exeed*|excede*|over|reached|above|violation|beyond|larger|"
               "bigger|greater|insufficient|low|overrun|depasse*"},
    {"barred", "blocked|blocking|blacklist*|blocklist*|denylist*|block|+listed|banned|barred|"
               "rejected|refused|denied|prohibited|disallowed|unwelcome|suspicious|untrusted|"
               "throttled|graylisted|bad|spamming|bloque|bloquee|gesperrt|forbidden|!trusted|"
               "!welcome"},
    // Things with names of their own.
    {"list", "spamhaus*|barracudacentral|brbl|dnsbl|dnsbls|dnsrbl|rbl|rbls|rblsmtpd|spamcop|sorbs|"
             "cbl|abuseat|uceprotect*|psbl|surriel|invaluement|ivmsip|spamrats|mailspike|"
             "senderscore|senderbase|zen|sbl|xbl|pbl|css|hostkarma|junkemailfilter|manitu|"
             "spameatingmonkey|njabl|dsbl|ordb|spamrl|cobion|drbl|nixspam|backscatterer|"
             "blackhole*|ipcheck|iplookup|ipblocklist"},
    {"auth", "spf|dkim|dmarc|arc|senderid|domainkeys|pra"},
    {"spam", "spam|uce|ube|junk|spammy|phish*|bulk|spamassassin|spamming|spamlike|spamscore|"
             "scam|newsletter*|advertis*|pourriel|unsolicited|spamprofiler|"
             "*spam*|*junk*|cloudmark|bogofilter"},
    {"virus", "virus|viruses|malware|trojan|worm|infected|eicar|ransomware|clamav|viren|"
              "malicious|virusscan|exploit|macro|macros"},
    {"file", "attachment|attachments|file|files|filename|extension|extensions|executable|zip|exe|"
             "archive"},
    {"tls", "tls|ssl|starttls|encryption|encrypted|encrypt"},
    {"in_url", "nosuchuser|disableduser|inactiveuser|overquota*|unsolicited*|receivingrate*|"
               "unauthenticated*|greylist*|graylist*|rdns|uribl|surbl|dbl|blocklist*|blacklist*"},
};

constexpr PhraseRule rules[] = {
    // Bad address: nobody of that name.
    {BadAddress, true, 8, "$who ~ $missing"},
    {BadAddress, true, 8, "$missing ~ $who"},
    {BadAddress, true, 7, "!$who"},
    {BadAddress, true, 7, "!one|nobody|noone|!body ~ here|address|name|named"},
    {BadAddress, true, 7, "$dest ~ $missing"},
    {BadAddress, true, 7, "$missing ~ $dest"},
    {BadAddress, true, 7, "bad|nosuch|such|!such $dest"},
    {BadAddress, true, 7, "$dest ~~ !exist*|!exit|!found|!longer|!valid"},
    {BadAddress, true, 7, "$who ~~ unknown|!known"},
    {BadAddress, true, 7, "!longer ~ server|company|us|service|employ*|works|work|here"},
    {BadAddress, true, 8,
     "nosuchuser|recipnotfound|recipientnotfound|unknownuser|usernotfound|userunknown|"
     "nosuchmailbox|invalidrecipient|badrcptto|badrecipient|nouser|usersearch|unknownaddress"},
    {BadAddress, true, 6, "$dest ~ unavailable|!available|deleted|removed|closed|terminated"},
    {BadAddress, true, 8, "mailbox unavailable|!available"},
    {BadAddress, true, 7, "all|specified|one recipients|recipient ~ invalid|failed|rejected"},
    {BadAddress, true, 7, "check|double|verify ~~ typo*|spelling|spelled|misspel*"},
    {BadAddress, true, 7, "name|user|recipient ~ !unique|!listed ~ directory|domino|book"},
    {BadAddress, true, 6, "!found|!find|!listed ~ directory|ldap|database|aliases|passwd"},
    {BadAddress, true, 7, "$dest ~ moved|left|relocated|departed|resigned|changed|replaced"},
    {BadAddress, true, 7, "!longer ~ !valid|!active|!available"},
    {BadAddress, true, 7, "please|use ~ new ~ address"},
    {BadAddress, true, 7, "never possible"},
    {BadAddress, false, 6, "inactive|deactivated|discontinued|suspended"},
    {BadAddress, true, 6, "!longer"},
    {BadAddress, true, 8, "!longer ~ accepting|accepts|accept ~ mail|messages|email"},
    {BadAddress, true, 7, "malformed|badly|misformed ~ $dest"},
    {BadAddress, true, 8,
     "!listed|!known|!present|!found ~ in|at|on|to ~~ directory|site|book|system|server|table|"
     "database|domain"},
    {BadAddress, true, 6, "!address|!addresses"},
    {BadAddress, true, 11, "!route ~ to user|recipient|address"},
    {BadAddress, true, 5, "unrouteable|unroutable|unrouted"},
    {BadAddress, true, 6, "possibly incorrect"},
    {BadAddress, true, 9, "address syntax"},
    {BadAddress, true, 9, "syntax ~~ mailbox|recipient|rcpt|destination"},
    {BadAddress, true, 9, "recipient address rejected access denied"},
    {BadAddress, true, 5, "$dest $refused"},
    {BadAddress, true, 5, "$refused ~ recipient*|destination"},
    {BadAddress, true, 5, "undeliverable|undelivered"},
    {BadAddress, true, 5, "bad|unknown ~ destination"},
    {BadAddress, true, 8, "$missing|missing|malformed ~ local part"},
    {BadAddress, true, 11, "$dest ~ lookup|mapping|verification ~ fail*"},
    {BadAddress, false, 7, "$dest ~ !ok|!okay|!allowed|!permitted|!accepted"},
    {BadAddress, false, 10, "mailbox|user|account|local name|part ~ !allowed|!permitted"},
    {BadAddress, true, 9, "!in ~ recipient|recipients|user|alias|local ~ list|table|file"},
    {BadAddress, false, 7, "!accept* ~ for ~ mailbox|user|account|recipient"},
    {BadAddress, false, 3, "$who"},
    {BadAddress, false, 7, "mail|message|messages receiving|reception|delivery disabled|closed"},
    // The mailbox is there, and not in use. An administrator may bring it back: soft.
    {BadAddress, false, 9, "$who ~ $closed"},
    {BadAddress, false, 8, "$who ~~ disabled|suspended|locked|frozen|inactive|deactivated"},
    {BadAddress, false, 8,
     "disabled|suspended|discontinued|locked|frozen|inactive|deactivated|expired|dormant|closed "
     "$who|address|email"},
    {BadAddress, false, 8,
     "disableduser|userdisabled|accountdisabled|mailboxdisabled|inactiveuser|inactiverecipient|"
     "suspend|inbounds"},
    {BadAddress, false, 10, "!active|!enabled|!valid ~ $dest"},
    {BadAddress, false, 7, "address|email|domain ~~ disabled|suspended|discontinued|deactivated"},
    {BadAddress, false, 7, "mailbox|account|user|recipient ~ !accept*|!taking|!receiv*"},
    {BadAddress, false, 5, "$who ~ unavailable|!available|unable|temporar*"},
    // Languages that put no blanks between words, and Cyrillic.
    {BadAddress, true, 7,
     "*用户不存在*|*收件人不存在*|*邮箱不存在*|*該当するユーザ*|*つかりません*|*存在しません*|*"
     "ユーザは*|*見つかりません*|*宛先不明*|"
     "*지않는*|*존재하지*"},
    {BadAddress, true, 7,
     "*пользовател*|*ящик*|*адрес*|*получател* ~ не|нет ~ найден*|"
     "существует|зарегистрирован*|такого"},
    {BadAddress, true, 7, "не|нет ~ пользовател*|ящик*|адрес*|получател*"},

    // Mailbox full.
    {MailboxFull, false, 10, "$who|email|mail|folder|quota|disk|disc|space ~ $full"},
    {MailboxFull, false, 10, "full $who"},
    {MailboxFull, false, 9, "over|exceed*|out|beyond|above|violat*|short|lack ~ $quota"},
    {MailboxFull, false, 9,
     "$quota ~ $exceed|$full|limit|!available|!enough|!left|!sufficient|violated|superad*|"
     "exces*"},
    {MailboxFull, false, 9,
     "overquota*|quotaexceeded|mailboxfull|mailboxquotaexceeded|diskquota|"
     "mapiexceptionshutoffquotaexceeded|exceededquota|noquota|*quotaexceeded*"},
    {MailboxFull, false, 9, "!enough|!sufficient|insufficient|!more|low|!free ~ $quota"},
    {MailboxFull, false, 8, "!space|!room|!storage|!diskspace|!quota"},
    {MailboxFull, false, 13, "file too large"},
    {MailboxFull, false, 9, "space|storage shortage"},
    {MailboxFull, false, 9, "blocks|inode|inodes limit exceeded"},
    {MailboxFull, false, 11, "$who|folder ~ size|limit ~ exceed*|reached|over"},
    {MailboxFull, false, 11, "mailbox|inbox|maildir|account ~ $exceed ~ limit|size|allowed"},
    {MailboxFull, false, 8, "$who ~~ $exceed ~ limit|size|allowed|maximum|allotted"},
    {MailboxFull, false, 9, "message count|counts"},
    {MailboxFull, false, 8, "receive|accept|hold more mail|messages|email"},
    {MailboxFull, false, 8, "mailbox|inbox|account|maildir|maildrop too large|big"},
    {MailboxFull, false, 8,
     "too|many|much|maximum|zuviele|viele ~ messages|mail|mails|nachrichten|emails ~ in|on|auf|"
     "im ~ mailbox|server|inbox|maildrop|account|postfach"},
    {MailboxFull, false, 9, "mailbox|inbox|maildrop limit|limits"},
    {MailboxFull, false, 7, "storage allocation"},
    {MailboxFull, false, 5, "quota"},
    {MailboxFull, false, 9,
     "*邮箱空间*|*邮箱已满*|*容量超*|*容量オーバー*|*オーバー*|*いっぱい*|*一杯*|*용량*|"
     "*переполнен*"},

    // Blocked: our host, its network or its name is not liked.
    {Blocked, false, 16, "$list"},
    {Blocked, false, 10, "blacklist*|blocklist*|denylist*|blocklisted"},
    {Blocked, false, 10, "black|block|deny list|listed|lists|ip"},
    {Blocked, false, 9, "fake|bad|invalid|suspicious|illegal ip"},
    {Blocked, false, 9, "!access ~ ip|host|network"},
    {Blocked, false, 3, "ip"},
    {Blocked, false, 8, "on|in|our|local|internal|dns bl|blocklist|blacklist|list"},
    {Blocked, false, 10, "ip|client|host|hostname|mta|netblock|subnet|network|networks ~ $barred"},
    {Blocked, false, 9,
     "server|servers|provider|isp|machine ~ is|was|has|been|are|currently ~ $barred"},
    {Blocked, false, 9, "your ~ server|provider|machine|system ~ $barred"},
    {Blocked, false, 9, "$barred ~ ip|client|host|netblock|subnet|network|networks"},
    {Blocked, false, 8, "banned|blocked|barred|bad ~ server|sending|provider"},
    {Blocked, false, 14, "$us|you|sender ~~ spammer|spammers|spambot"},
    {Blocked, false, 12, "spam|spams|abuse|junk from ~ ip|your|you|this"},
    {Blocked, false, 11, "due|because ~ abuse|abusive"},
    {Blocked, false, 10, "from ~ your location"},
    {Blocked, false, 12, "spam source|sources|bot|trap"},
    {Blocked, false, 11, "sending|source|sent ~ spam ~~ ip|your|you|see"},
    {Blocked, false, 11, "you|currently ~ sending spam"},
    {Blocked, false, 9, "in|on|your|not whitelist*|allowlist*"},
    {Blocked, false, 12, "!in|!on|!the ~ whitelist*|allowlist*|bypass"},
    {Blocked, false, 10, "reputation"},
    {Blocked, false, 12, "client host rejected"},
    {Blocked, false, 6, "blocked ~ see|for|due|by|because|until|at|from|using|via"},
    {Blocked, false, 7, "blocked|banned|block|blocking"},
    {Blocked, false, 5, "+listed ~ at|by|on|in"},
    {Blocked, false, 14, "reverse ~ dns|lookup|record|records|hostname|name|entry|mapping|resol*"},
    {Blocked, false, 11, "ptr|rdns|fcrdns|revdns|reversedns|unresolvable"},
    {Blocked, false, 12,
     "dynamic|residential|dialup|generic|broadband|dsl|pool|consumer|dynamically ~ ip|ips|"
     "address|addresses|host|hostname|up|client|range|dns|assigned"},
    {Blocked, false, 9,
     "!find|!resolve*|!found|!verify|!lookup ~ your|client|hostname ~ hostname|name|host|address"},
    {Blocked, false, 12, "ip|client ~ lookup failed|failure"},
    {Blocked, false, 12,
     "helo*|ehlo ~ $refused|$missing|mismatch|bad|host|required|fqdn|forged|command|hostname|"
     "need*|!fully|name|syntax"},
    {Blocked, false, 9, "$refused|$missing|bad ~ helo*|ehlo"},
    {Blocked, false, 10, "open relay|relays|proxy"},
    {Blocked, false, 9, "complaint*"},
    {Blocked, false, 11,
     "connection|connections|mail|messages|traffic|email|emails|access ~ from ~ ip|host|your|"
     "this|network|servers|server|hosts|you|address ~~ $refused|deferred|restricted|limited"},
    {Blocked, false, 11,
     "!accept*|!allowed|!receive*|reject|refuse ~ connection*|mail|messages|email|connect ~ from "
     "~ your|this|ip|host|hosts|network|server|servers|you"},
    {Blocked, false, 9, "!smtp|!connections"},
    {Blocked, false, 8, "!accept* ~ connections|connection"},
    {Blocked, false, 9, "abuse|suspicious|malicious ~ from|by|activity ~ your|this|ip|host"},
    {Blocked, false, 12, "rate|amount|volume ~ unsolicited ~~ originating|from|ip"},
    {Blocked, false, 12, "originating ~ ip"},
    {Blocked, false, 9, "$refused ~ from ~ ip|host|your|network"},
    {Blocked, false, 9, "delist*|unblock*|removal|remediation"},
    {Blocked, false, 8, "temporarily deferred ~ due ~ user|complaints|unexpected|volume"},
    {Blocked, false, 12, "country|countries|geographic*|region|geoip|asn"},
    {Blocked, false, 12, "!authori* ~~ directly ~ servers"},
    {Blocked, false, 10, "!allowed|!permitted|denied ~ connect"},
    {Blocked, false, 11, "recipients ~ blocked"},
    {Blocked, false, 9, "messages|mail from ~~ werent sent|deferred"},
    {Blocked, false, 9, "ask your postmaster for help"},
    {Blocked, false, 9, "your access ~~ $refused"},
    {Blocked, false, 8, "bizsmtp|cmsmtp ~~ refused|blocked|rejected"},
    {Blocked, false, 9, "!mail exchanger"},

    // Policy: a rule is broken.
    {Policy, false, 11, "$auth"},
    {Policy, false, 11,
     "unauthenticated|authenticat* ~ email|mail|message|sender|senders|checks|"
     "information|required|fail*|requirement*|level"},
    {Policy, false, 10, "!authenticated|!authenticate|!designated|!approved|!preapproved"},
    {Policy, false, 10, "!authori*|!permitted|!allowed ~ send|relay|sender|use|post|submit"},
    {Policy, false, 11,
     "sender|return|envelope ~ address|domain|path ~ $refused|$missing|unresolvable|"
     "malformed|must|unverified|syntax|!verif*|!has|!own*|!accept*"},
    {Policy, false, 11,
     "from address|domain|path ~ $refused|$missing|unresolvable|"
     "malformed|must|unverified|syntax|!verif*|!has|!own*|!accept*"},
    {Blocked, false, 12, "dial up"},
    {Policy, false, 11,
     "sender|senders|mailfrom ~ $refused|$missing|unauthorized|unsigned|!own*|!verif*|banned|"
     "restricted|suspended|disabled"},
    {Policy, false, 11,
     "$missing|bad|forged|spoofed|unresolvable|unverifiable|!verify|!approved|$refused ~ "
     "sender|senders|mailfrom|originator|return|reply"},
    {Policy, false, 11, "sender|senders ~ verify|verification|callout|callback"},
    {Policy, false, 13, "callback|callout|callahead"},
    {Policy, false, 10, "verification ~ sender|failed"},
    {Policy, false, 11, "domain of sender"},
    {Policy, false, 11, "purported responsible"},
    {Policy, false, 11, "relay|relaying|relayed|relays ~ $forbidden|access|attempt"},
    {Policy, false, 11, "$forbidden|!open|use|as|!will ~ relay|relaying"},
    {Policy, false, 11, "!relay|!relaying|!gateway*"},
    {Policy, false, 11, "!configured|!willing|!able|!let ~ relay"},
    {Policy, false, 11, "rcpthosts"},
    {Policy, false, 9, "!in|!on ~ my|our ~ list"},
    {Policy, false, 11, "greylist*|graylist*|postgrey|gray|grey|gris|greylisting"},
    {Policy, false, 9,
     "try|retry|come|wait ~ again|back|later|in|after ~ minutes|seconds|minute|"
     "sec|secs|min|mins|hour|hours"},
    {Policy, false, 11,
     "rate|frequency|speed|volume ~ limit*|exceed*|throttl*|prevents|high|"
     "control|too"},
    {Policy, false, 10, "throttl*|ratelimit*"},
    {Policy, false, 11,
     "too|many|much|excessive|maximum|max|exceed*|limit|trop ~ connection*|sessions|recipients|"
     "rcpts|concurrent|simultaneous|invalid|errors|commands|attempts|requests|connexions|"
     "transactions|failures|hits|bounces|unknown*"},
    {Policy, false, 11,
     "too|many|excessive|maximum|max ~ messages|mails|emails|mail|email ~ per|from|sent|this|"
     "received|hour|today|day|recently|session|connection"},
    {Policy, false, 11, "too|so|sent|sending|received|receiving fast|quickly|frequently|often"},
    {Policy, false, 11, "receiving ~ mail|messages ~ too|at ~ quickly|rate|fast"},
    {Policy, false, 9, "concurrency|concurrent|simultaneous"},
    {Policy, false, 11, "limits for how many"},
    {Policy, false, 9, "slow down"},
    {Policy, false, 12, "!accept* ~ from ~ sender|senders|you"},
    {Policy, false, 10, "issue|use ~ auth"},
    {Policy, false, 11, "$exceed|limit ~~ messages|emails|mail ~ per|receive|send|sent"},
    {Policy, false, 10, "excessive|unexpected|unusual|high ~ volume|traffic|load|number"},
    {Policy, false, 10, "$exceed|reached ~ permitted|rate|daily|hourly|sending|messages per"},
    {Policy, false, 11,
     "daily|hourly|sending|outbound|receiving|queue limit|limits|quota|rate|volume"},
    {Policy, false, 11, "dns|mx|record|records ~ for sender domain"},
    {Policy, false, 10, "null|empty sender|return|from"},
    {Policy, false, 9, "badmailfrom|badrcptfrom"},
    {Policy, false, 11, "sender|from !has|!mx|has ~ !mx|!a|!address"},
    {Policy, false, 10, "spoof*|impersonat*|forged|forgery"},
    {Policy, false, 9, "policy|policies|mailpolicy"},
    {Policy, false, 8, "rule|rules|restrictions|restriction|restricted|prohibition|permission*"},
    {Policy, false, 8, "security reason|reasons|violation|violations"},
    {Policy, false, 7,
     "prohibited|forbidden|unauthorized|unauthorised|administratively|"
     "administrative|terms"},
    {Policy, false, 6, "protocol|rfc violation|deviation|error|compliance|compliant"},
    {Policy, false, 6, "access ~ denied|refused|rejected|restricted"},
    {Policy, false, 10, "requires|required|require|needs|need authentication|auth|authenticate"},
    {Policy, false, 10, "$missing|bad authentication|credentials|password"},
    {Policy, false, 10, "must|need* ~ authenticated|authenticate|login"},
    {Policy, false, 6, "authentication|auth|authenticate|login|credentials"},
    {Policy, false, 11, "recipient|user ~ preference*|filter|filters|settings"},
    {Policy, false, 8, "from|sender|return address|path|domain"},
    {Policy, false, 7, "rejected|refused by ~ user|recipient"},
    {Policy, false, 8,
     "only|restricted ~ authorized|internal|authenticated|certain|members|"
     "senders|allowed"},
    {Policy, false, 9,
     "notauthenticated|sendernotauthenticatedforgroup|notauthorized|"
     "tenantattribution|senderfilterconfig|restrictedrecipient"},
    {Policy, false, 7, "by ~ administrator|admin|administrators|postmaster"},
    {Policy, false, 9, "$who refused|refuses|declined|declines ~ receive|mail|message|accept"},
    {Policy, false, 12, "mail|mailfrom|envelope ~ from ~~ mismatch*"},
    {Policy, false, 4, "$sender"},
    {Policy, false, 9, "only ~ accept*|receiv*|allow* ~ from"},
    {Policy, false, 5, "!permit|!allowed|!permitted|!authori*|!entitled|!accept*"},
    {Policy, false, 3, "$refused"},
    {Policy, false, 3, "filtered"},
    {Policy, false, 6, "too many|much"},
    {Policy, false, 6, "limit|limits exceeded|reached|hit"},
    {Policy, false, 7, "!access"},
    {Policy, false, 7, "relay|relaying|openrelay"},
    {Policy, false, 9, "mail from $missing|$refused"},
    {Policy, false, 9, "local|registered|internal user|users only"},
    {Policy, false, 9, "only ~ registered|local|internal users|user"},
    {Policy, false, 8, "require* ~ verify|verification|confirm*|register*"},
    {Policy, false, 5, "security|regulation*|deferred"},
    {Policy, false, 8, "challenge|confirmation|moderat*|captcha"},
    {Policy, false, 9, "network|host !allowed"},

    // Content: this message is not liked.
    {Content, false, 9, "$spam"},
    {Content, false, 11,
     "due|classified|rejected|blocked|refused|detected|considered|identified|marked|scored|looks|"
     "appears|seems|flagged|recogni*|categori*|rated|tagged|thinks ~ as|to|for|because|like|be|"
     "is ~ $spam"},
    {Content, false, 11, "$message|score|probable|probably|likely|suspected|high ~ $spam"},
    {Content, false, 11,
     "$spam ~ $message|detected|score|filter*|found|rejected|blocked|"
     "probability|check*|suspected|identified|content|signature|rejection|"
     "!accepted|!allowed|block|level|points|filtering"},
    {Content, false, 11, "$spam policy|policies|engine|software|gateway|system"},
    {Content, false, 11, "spamassassin|spamprofiler|mcspam*|spamsignature*|spm"},
    {Content, false, 11,
     "banned|blocked|forbidden|prohibited|objectionable|bad|unacceptable|hostile|questionable|"
     "inappropriate content|contents|header|file"},
    {Content, false, 8, "banned|bad id|filename|name"},
    {Content, false, 9, "a url in ~ email|message"},
    {Content, false, 10, "$virus"},
    {Content, false, 11, "$virus ~ found|detected|in|content|attachment|code|file|$message"},
    {Content, false, 9, "$message ~ content|contents ~ $refused|filter*|inappropriate|suspicious"},
    {Content, false, 9,
     "content ~ $refused|filter*|restriction*|inappropriate|violation|scan*|"
     "presents|reject*"},
    {Content, false, 10, "suspicious ~ content|message|link|links|url|attachment|header|subject"},
    {Content, false, 11, "suspicious ~~ content|links"},
    {Content, false, 5, "suspicious"},
    {Content, false, 11, "due|because ~ content|contents"},
    {Content, false, 11, "$missing|bad $file"},
    {Content, false, 8, "score|scored|scoring"},
    {Content, false, 10, "$message|size|$file ~~ too big|large|long"},
    {Content, false, 10, "$message|size|header|headers too big|large|long"},
    {Content, false, 10, "$message|maximum|max|fixed|total|file|attachment size|length|bytes"},
    {Content, false, 10, "size|length ~ exceed*|limit|maximum|larger|greater|fixed|too"},
    {Content, false, 10, "$exceed|maximum|max ~ $message ~ size|length|limit"},
    {Content, false, 9, "exceed*|maximum|max ~ size|length"},
    {Content, false, 10,
     "recipsizelimit|sendsizelimit|messagesizelimit|messagetoolarge|mailsize|messagetoobig|"
     "sizelimit"},
    {Content, false, 10, "$refused ~ $file"},
    {Content, false, 10, "$file ~ $refused|type|types|banned|forbidden|executable|policy"},
    {Content, false, 10,
     "executable|banned|blocked|forbidden|prohibited|encrypted|dangerous|"
     "potentially $file"},
    {Content, false, 10,
     "header|headers|subject|field ~ missing|$missing|malformed|syntax|contains|multiple|"
     "duplicate|required|must|non|large"},
    {Content, false, 6, "header|headers ~ error|rejected|bad|is"},
    {Content, false, 10,
     "missing|$missing|malformed|multiple|duplicate|bad|no|empty|several|two|"
     "improper ~~ header|headers|subject|field"},
    {Content, false, 10, "multiple|several addresses|mailboxes in|from ~ from|header"},
    {Content, false, 11, "from header|headers"},
    {Content, false, 9, "rfc ~ 5322|2822|822|compliant|conform*|2047|5321"},
    {Content, false, 9, "5322|2822|2047"},
    {Content, false, 9, "!comply|!conform*|!compliant"},
    {Content, false, 10, "bare lf|cr|newline|linefeed|line|carriage"},
    {Content, false, 9,
     "mime|8bit|8bitmime|7bit|nul|null|utf|unicode ~ error|$missing|malformed|bytes|byte|"
     "character*|boundary|part|parts|violation|header|structure|conver*"},
    {Content, false, 9, "8|7|eight bit"},
    {Content, false, 8, "crlf|terminator"},
    {Content, false, 9, "line|lines too long"},
    {Content, false, 10,
     "url|urls|uri|link|links ~~ listed|blacklist*|blocked|malicious|suspicious|reputation|found"},
    {Content, false, 17, "surbl|uribl|dbl"},
    {Content, false, 9, "smtputf8|charset|internationali*|eai|codepage"},
    {Content, false, 9, "character set"},
    {Content, false, 8, "conversion|converted"},
    {Content, false, 9,
     "$missing|bad|malformed|corrupt* ~ data|content|format|structure|encoding|body"},
    {Content, false, 9, "profanity|obscene|offensive|pornograph*|language"},

    // Network: no conversation.
    {Network, false, 10,
     "connection|connect|conversation|operation|session|read|write|socket|dialogue|greeting|"
     "command|data|delivery|response ~~ timed|timeout"},
    {Network, false, 10,
     "connection|connect|connecting|session ~~ refused|reset|closed|dropped|lost|aborted|failed|"
     "failure|interrupted|broken|terminated|unreachable|died"},
    {Network, false, 10, "lost connection"},
    {Network, false, 9, "timed out"},
    {Network, false, 8, "timeout|etimedout|econnrefused|econnreset|ehostunreach|enetunreach"},
    {Network, false, 9,
     "network|host|destination|server|mx|mta|remote ~ unreachable|down|"
     "!respond*|offline|!reach*|!answer*"},
    {Network, false, 10, "!route ~ to"},
    {Network, false, 10,
     "!accept|!respond|!connect|!contact|!reach|!establish|!answer|!open ~ "
     "connection*|requests|server|host|mx|network|smtp"},
    {Network, false, 10, "!connect|!connected|!reachable|!contact"},
    {Network, false, 8, "!reached|!route"},
    {Network, false, 10, "!reach ~ server|host|destination|network|domain"},
    {Network, false, 9, "message|delivery|retry|queue|mail|time|period|lifetime ~ expired|timeout"},
    {Network, false, 9, "expired ~ message|unable|after|in|delivery|connection"},
    {Network, false, 9, "retry|delivery|queue time|period|timeout ~ exceeded|reached|expired"},
    {Network, false, 9, "maximum time|retries|retry|attempts"},
    {Network, false, 8,
     "!deliver*|undeliverable|undelivered ~~ for|in|after|within ~ hours|days|"
     "minutes|tries|attempts"},
    {Network, false, 9, "broken pipe"},
    {Network, false, 9, "remote host|server ~ closed|disconnected|dropped|went|hung"},
    {Network, false, 9, "unexpected*|premature* ~ eof|disconnect*|close*|end"},
    {Network, false, 7, "delivery temporarily suspended"},
    {Network, false, 7, "service|server|system|host ~ shutting|closing|offline"},
    {Network, false, 8, "shutting down"},
    {Network, false, 6, "closing ~ connection|channel|transmission"},
    {Network, false, 9, "greeting ~ fail*"},
    {Network, false, 9, "bad|unexpected|no|empty|!smtp greeting|banner"},
    {Network, false, 9, "all ~ hosts|servers|mx|relays ~ fail*|unreachable|down|busy|tried"},
    {Network, false, 7, "network error|problem|failure"},

    // DNS: the domain, not the mailbox.
    {Dns, true, 10,
     "host|domain|hostname|mx unknown|!found|!known|!exist*|nonexist*|invalid|!listed"},
    {Dns, true, 8, "domain|hostname|mx ~ $missing"},
    {Dns, true, 10, "host|domain name ~ $missing"},
    {Dns, true, 10, "$missing|!such|bad host|domain|hostname|mx"},
    {Dns, true, 8, "$missing|!such ~ domain|hostname|mx"},
    {Dns, true, 10, "!host|!domain|!mx|!hostname"},
    {Dns, true, 11, "domain ~~ !receive|!accept*|!handle|!exist*|!mail|!take"},
    {Dns, true, 13, "null mx"},
    {Dns, true, 12, "mx|srv ~~ !smtp|!service"},
    {Dns, false, 9, "host|dns|name lookup"},
    {Dns, false, 8, "mx record|records"},
    {Dns, false, 7, "!resolve*"},
    {Dns, true, 10, "host|domain ~ !accept* ~ mail|email"},
    {Dns, true, 13, "nullmx|nxdomain|nodata|enotfound"},
    {Dns, true, 12, "domain ~ !reachable|!resolvable|!registered|!valid|!found|unresolvable"},
    {Dns, true, 10, "!found ~ host named"},
    {Dns, false, 9, "domain|host ~ unreachable|unresolvable|unrouteable|unroutable"},
    {Dns, false, 10,
     "name|domain service|server|servers ~ error|reply|failure|lookup|!known|timeout|timed"},
    {Dns, true, 11, "name service error ~~ host|domain !found"},
    {Dns, true, 10, "name or service !known"},
    {Dns, false, 10,
     "dns ~ error|failure|fail*|query|lookup|lookups|loop|problem|servfail|type|temporary|timeout|"
     "resolution|returned|responded|timed"},
    {Dns, false, 10, "all ~ host|mx lookup*|records|address ~ fail*|point|non"},
    {Dns, false, 10,
     "mx|aaaa|address record|records|lookup|host|hosts ~ $missing|missing|fail*|"
     "point*"},
    {Dns, false, 10,
     "!resolve*|!lookup|!look ~ domain|host|mx|hostname|name|address|dns|route|"
     "server"},
    {Dns, false, 9, "servfail|dnssec|nameserver*"},
    {Dns, false, 9, "temporary|permanent|address lookup failure|failed"},
    {Dns, true, 12, "recipient address rejected domain !found"},
    {Dns, false, 10, "!find ~ mail exchanger"},
    {Dns, true, 10, "!find ~ host named"},
    {Dns, true, 11, "!mail server|exchanger|host"},
    {Dns, true, 11, "!dns|!nameserver entries|entry|records|record"},
    {Dns, false, 11, "cname|name|hostname lookup ~ fail*"},

    // TLS.
    {Tls, false, 10,
     "$tls ~~ required|must|needed|mandatory|fail*|handshake|error|unavailable|first|session|"
     "connection|certificate|refused|issue|version|cipher|protocol|enforced|negotiat*|untrusted|"
     "due|only|!support*|!offer*|!available|!start*|requires"},
    {Tls, false, 10, "must|need|require*|please|issue|use|start|!start|!negotiate ~~ $tls"},
    {Tls, false, 13,
     "certificate ~~ verif*|expired|untrusted|$missing|trusted|mismatch|fail*|"
     "self|match|required|error|revoked"},
    {Tls, false, 13, "!sent|!over ~ $tls"},
    {Tls, false, 10, "dane|tlsa|requiretls|sts|handshake"},
    {Tls, false, 8, "tls|starttls|ssl|cryptographic|cipher"},
    {Tls, false, 8, "security ~ level|requirement* ~ !supported|!met|sufficient|required"},

    // Loop.
    {Loop, false, 13,
     "mail|routing|forwarding|message|email|delivery|alias|aliasing|possible|"
     "infinite|forward loop|loops|looping"},
    {Loop, false, 13, "loops|loop|looping back|detected|found|to|broken"},
    {Loop, false, 13, "in a ~ loop"},
    {Loop, false, 13, "hop|hops ~ count|limit ~ $exceed|too|maximum"},
    {Loop, false, 13, "too many ~ hops|received|forwards|forwardings|aliases|hop"},
    {Loop, false, 13, "maximum ~ hop|hops|forwards|forwarding"},
    {Loop, false, 11, "delivered to ~ already|myself|loop"},
    {Loop, false, 11, "already ~ delivered|received ~ address|message|loop"},
    {Loop, false, 9, "loop|looping|mailloop|routingloop|bucle|schleife|boucle"},
    {Loop, false, 11, "points|point back"},
    {Loop, false, 11, "excessive|too|many recursion|recursive"},
    {Loop, false, 11, "forwarded ~ more|maximum|times"},
    {Loop, false, 12, "points|address|is ~ local host|locally"},
    {Loop, false, 11, "ma ximum hop"},

    // Machines that answer.
    {AutoReply, false, 13, "out of ~ office"},
    {AutoReply, false, 13,
     "auto|automatic|automated|automatische reply|response|responder|answer|"
     "antwort"},
    {AutoReply, false, 13, "autoreply|autoresponder|autoresponse|abwesenheit*"},
    {AutoReply, false, 12, "im|habe|en|in ~ urlaub|conge|conges|vacaciones|vacances|ferie"},
    {AutoReply, false, 12, "!im|!in ~ office|buro|buero|bureau|oficina|ufficio"},
    {AutoReply, false, 13, "on|am|currently ~ holiday|holidays|leave|vacation|urlaub"},
    {AutoReply, false, 13, "away from ~ office|desk|email|mail|computer|town"},

    // What tells nothing, in so many words.
    {Unknown, false, 12,
     "!create|!lock|!append|!rename|!open|!load|!write ~~ path|file|mailbox|spool|"
     "var|drd|lock|mail|queue|directory"},
    {Unknown, false, 6, "transaction|delivery failed"},
    {Unknown, false, 3, "action aborted|!taken"},
    {Unknown, false, 9, "internal error|failure|problem"},
    {Unknown, false, 7,
     "service|server|system|resources ~ unavailable|busy|overloaded|"
     "!available|refuse|refused|loaded|congested"},
    {Unknown, false, 6,
     "temporary|temporarily|internal|local|server|system|configuration|"
     "unexpected|general|unspecified|processing|mailer|software|program ~ "
     "failure|error|problem|trouble|fault|unavailable"},
    {Unknown, false, 6,
     "command|parameter|argument* ~ unrecognized|unrecognised|!implemented|"
     "!recogni*|!known|unknown|$missing"},
    {Unknown, false, 6,
     "syntax|bad|out|improper|invalid ~ error|sequence|command|order|"
     "argument*"},
    {Unknown, false, 4, "try|retry|retried ~ again|later|for"},
    {Unknown, false, 7, "busy|overloaded|overload"},
    {Unknown, false, 6, "too|high|much load"},
    {Unknown, false, 10, "i o error"},
    {Unknown, false, 12, "command time limit"},
    {Unknown, false, 12, "file ~ permission denied"},
    {Unknown, false, 8, "parse error"},
    {Unknown, false, 9, "database|directory|error writing|reading|failure"},
    {Unknown, false, 8, "rcpt|mail|helo|hello|sender|command first|before|already"},
    {Unknown, false, 8, "need|must ~ mail|rcpt before|command"},
    {Unknown, false, 6, "permanent|mailer error|failure"},
    {Unknown, false, 6, "list expansion problem"},
    {Unknown, false, 7, "too many parameter*|argument*"},
    {Unknown, false, 10, "!open|!create|!append|!rename|!write ~~ denied|permission|corrupt"},
    {Unknown, false, 7, "returned ~ from command"},
    {Unknown, false, 5, "command died|failed|exited|output"},
};

// Words of these sets count wherever they stand.
constexpr std::string_view named_sets[] = {"list", "in_url"};

bool fits(std::string_view choice, std::string_view word)
{
    return choice.back() == '*' ? word.starts_with(choice.substr(0, choice.size() - 1))
                                : word == choice;
}

} // namespace

std::span<const PhraseRule> phrases()
{
    return rules;
}

std::span<const WordSet> word_sets()
{
    return sets;
}

bool tells_in_names(std::string_view word)
{
    return std::any_of(std::begin(sets), std::end(sets), [&](const WordSet& set) {
        if (std::find(std::begin(named_sets), std::end(named_sets), set.name) ==
            std::end(named_sets))
            return false;
        const auto choices = base::split(set.words, "|");
        return std::any_of(choices.begin(), choices.end(),
                           [&](std::string_view choice) { return fits(choice, word); });
    });
}

} // namespace mail::failure_rules
