// SPDX-License-Identifier: Apache-2.0
// What is said of the way there: network, DNS, TLS and loops; and what tells nothing or is no
// failure. See failure_rules.h.
#include "lib/mail/failure_rules.h"

namespace mail::failure_rules {

namespace {

using enum FailureClass;

constexpr PhraseRule rules[] = {
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
    {Network, false, 11, "message|mail too old"},
    {Network, false, 12, "in ~ queue too long"},
    {Network, false, 12, "queued too long"},
    {Network, false, 12, "closed|dropped|broke|reset the|our connection"},
    {Network, false, 6, "unreachable"},
    {Network, false, 9, "retry|delivery|queue time|period|timeout ~ exceeded|reached|expired"},
    {Network, false, 9, "maximum|max time|retries|retry|attempts"},
    {Network, false, 12, "connect to ~ ip"},
    {Network, false, 8, "read|socket error"},
    {Network, false, 8, "lost input"},
    {Network, false, 9, "queue ~~ days"},
    {Network, false, 8, "for|after|within ~ days"},
    {Network, false, 9, "hung up"},
    {Network, false, 8, "network congestion"},
    {Network, false, 8, "bad connection"},
    {Network, false, 8, "routing server failure"},
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
    {Dns, true, 10, "$missing|!such host|domain|hostname|mx"},
    {Dns, true, 8, "$missing|!such ~ domain|hostname|mx"},
    {Dns, true, 10, "!host|!domain|!mx|!hostname"},
    {Dns, true, 11, "domain ~~ !receive|!accept*|!handle|!exist*|!mail|!take"},
    {Dns, true, 13, "null mx"},
    {Dns, true, 12, "mx|srv ~~ !smtp|!service"},
    {Dns, false, 9, "host|dns|name lookup"},
    {Dns, false, 8, "mx record|records"},
    {Dns, false, 7, "!resolve*"},
    {Dns, true, 12, "host|domain ~ !accept* ~ mail|email"},
    {Dns, true, 12, "!find|!found ~ domain"},
    {Dns, true, 10, "!find ~ host|exchanger"},
    {Dns, true, 10, "!in ~ dns"},
    {Dns, true, 13, "nullmx|nxdomain|nodata|enotfound"},
    {Dns, true, 12, "domain ~ !reachable|!resolvable|!registered|!valid|!found|unresolvable"},
    {Dns, true, 10, "!found ~ host named"},
    {Dns, false, 9, "domain|host ~ unreachable|unresolvable|unrouteable|unroutable"},
    {Dns, false, 10,
     "name|domain service|server|servers ~ error|reply|failure|lookup|!known|timeout|timed"},
    {Dns, true, 11, "name service error ~~ host|domain !found"},
    {Dns, true, 10, "name or service !known"},
    {Dns, true, 12, "!address associated"},
    {Dns, true, 12, "nodename !servname"},
    {Dns, false, 9, "cname record|records"},
    {Dns, false, 11, "host map lookup"},
    {Dns, false, 11, "name|dns server|servers ~ !answer*|!respond*|!reach*"},
    {Dns, true, 11, "malformed|unexpected name server reply"},
    {Dns, true, 12, "mx|records ~ point ~ nonexist*|!existent|!exist*"},
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
    {Dns, true, 10, "!find ~ mail exchanger"},
    {Dns, true, 10, "domain ~ !used ~ mail|email"},
    {Dns, true, 10, "!find ~ host named"},
    {Dns, true, 11, "!mail server|exchanger|host"},
    {Dns, true, 11, "!dns|!nameserver entries|entry|records|record"},
    {Dns, false, 11, "cname|name|hostname|domain lookup ~ fail*"},

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
    {Loop, false, 13, "hop|hops exceed*"},
    {Loop, false, 13, "best preference mx"},
    {Loop, false, 13, "too many ~ hops|forwards|forwardings|aliases|hop"},
    {Loop, false, 13, "too many received"},
    {Loop, false, 13, "maximum ~ hop|hops|forwards|forwarding"},
    {Loop, false, 11, "delivered to ~ already|myself|loop"},
    {Loop, false, 11, "already ~ delivered|received ~ address|message|loop"},
    {Loop, false, 9, "loop|looping|mailloop|routingloop|bucle|schleife|boucle"},
    {Loop, false, 11, "points|point back"},
    {Loop, false, 11, "received header|headers"},
    {Loop, false, 11, "excessive|too|many recursion|recursive"},
    {Loop, false, 11, "forwarded ~ more|maximum|times"},
    {Loop, false, 12, "points|address|is ~ local host|locally"},
    {Loop, false, 11, "ma ximum hop"},

    // Machines that answer.
    {AutoReply, false, 13, "out of ~ office|town|country"},
    {AutoReply, false, 12, "unavailable|unable|!able to|!to read|!read ~ mail|message|email"},
    {AutoReply, false, 11, "away until|till|through"},
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
    {Unknown, false, 10, "configuration|config|misconfigur* error|failure|problem"},
    {Unknown, false, 11, "system|service|server !accepting"},
    {Unknown, false, 9, "maintenance"},
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
    {Unknown, false, 10, "too|high|much load"},
    {Unknown, false, 10, "i o error"},
    {Unknown, false, 12, "command line"},
    {Unknown, false, 14, "command helo|ehlo ~ !recogni*|!known|unknown"},
    {Unknown, false, 14, "syntax helo|ehlo|mail|rcpt from|to|hostname"},
    {Unknown, false, 13, "command ~ parameter|param ~ unrecogni*|!recogni*|error"},
    {Unknown, false, 12, "error in ~ parameter|parameters"},
    {Unknown, false, 12, "local delivery to ~ failed"},
    {Unknown, false, 12, "!parameters|!arguments ~ !allowed|allowed"},
    {Unknown, false, 8, "unqueuable"},
    {Unknown, false, 9, "out of memory"},
    {Unknown, false, 9, "license|licence expired|invalid"},
    {Unknown, false, 9, "system|server load"},
    {Unknown, false, 8, "queue unavailable|full|too"},
    {Unknown, false, 9, "synchronization error"},
    {Unknown, false, 2, "failure"},
    {Unknown, false, 9, "unknown|unspecified|undefined error|reason|failure"},
    {Unknown, false, 9, "error on|in|during ~ delivery|processing"},
    {Unknown, false, 13, "temporary lookup failure"},
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
    {Unknown, false, 5, "command died|failed|exited"},
    {Unknown, false, 11, "command output"},
};

} // namespace

std::span<const PhraseRule> transport_phrases()
{
    return rules;
}

} // namespace mail::failure_rules
