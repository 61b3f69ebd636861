// SPDX-License-Identifier: Apache-2.0
// The concepts that phrases are made of, and what words count everywhere; see failure_rules.h.
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
     "caixa|conta|casilla|postvak|mailfolder|mailfile|odbiorca|uzytkownik*|prijemce|kasutaja*|"
     "boite|boites|bruger|bruker|anvandare|"
     "mottagar*|mottaker|modtager|kayttaja*|vastaanottaja*|felhasznalo|kullanici|uzivatel*|"
     "adresat*"},
    {"dest", "$who|address|addresses|addr|email|emailaddress|destination|target|adress*|"
             "indirizzo|direccion|endereco|adres*"},
    {"us", "ip|ips|ipv4|ipv6|host|hosts|client|server|servers|mta|network|networks|netblock|"
           "subnet|range|provider|isp|hostname|machine|system|domain"},
    {"sender", "sender|senders|originator|originators|mailfrom|expediteur|"
               "remitente|absender*|mittente|remetente"},
    {"message", "message|messages|mail|email|emails|mails|content|contents|letter|body|data|"
                "nachricht*|mensaje|messaggio|mensagem|correo"},
    // What of it.
    {"missing", "unknown|unknow|unkown|uknown|unkwown|nonexist*|inexist*|inesist*|notfound|"
                "undeliverable|unrecogni*|unregistered|undefined|unidentified|invalid|invalide|"
                "incorrect*|erroneous|bogus|wrong|illegal|mistyped|misspel*|unbekannt*|"
                "inconnu*|desconocid*|sconosciut*|onbekend*|desconhecid*|ungultig*|ungueltig*|"
                "!exist*|!exits|!found|!find|!known|!know|!recogni*|!registered|!valid|"
                "!validate*|!listed|!locat*|!defined|!hosted|!resolv*|!correct|!identif*|"
                "!disponib*|!disponiv*|existiert|nexiste*|bestaat|finns|finnes|findes|neexist*|"
                "neznam*|nieznan*|bulunamad*|ukjent|okand|ukendt|tuntematon|ismeretlen|"
                "necunoscut|!configured|!present|!match*|!belong*|!here|!local|!longer|!lookup|"
                "!looked|!verif*|!subscribed|!provisioned|!vorhanden|!existiert|!existe|"
                "!esiste|!bestaat|!istnieje|!trouve*|!encontrad*|!trovat*|!bekannt|!gefunden"},
    {"closed", "disabled|disable|suspended|suspend|suspension|discontinued|locked|frozen|"
               "deactivated|desactive*|inactive|inactif|dormant|unpaid|closed|terminated|deleted|"
               "removed|cancel*|expired|retired|archived|abandoned|inaccessible|hold|barred|"
               "deaktiviert|gesperrt|expirad*|bloccat*|blocked|bloque|bloqueada|desactivad*|"
               "disattivat*|!active|"
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
             "pelna|satura*|sature*|erschopft|uberschritten"},
    {"quota", "quota|quotas|storage|space|diskspace|disk|disc|allocation|capacity|allotment|"
              "allowance|room|kontingent|speicherplatz|cuota|cota|espace"},
    {"exceed", "exceed*|exeed*|excede*|over|reached|above|violation|beyond|larger|"
               "bigger|greater|insufficient|low|overrun|depasse*"},
    {"barred", "blocked|blocking|blacklist*|blocklist*|denylist*|block|+listed|banned|barred|"
               "rejected|refused|denied|prohibited|disallowed|unwelcome|suspicious|untrusted|"
               "graylisted|bad|spamming|bloque|bloquee|gesperrt|forbidden|!trusted|"
               "!welcome"},
    // Things with names of their own.
    {"list", "spamhaus*|barracudacentral|brbl|dnsbl|dnsbls|dnsrbl|rbl|rbls|rblsmtpd|spamcop|sorbs|"
             "cbl|abuseat|uceprotect*|psbl|surriel|invaluement|ivmsip|spamrats|mailspike|"
             "senderscore|senderbase|zen|sbl|xbl|pbl|css|hostkarma|junkemailfilter|manitu|"
             "spameatingmonkey|njabl|dsbl|ordb|spamrl|cobion|drbl|nixspam|backscatterer|"
             "blackhole*|ipcheck|iplookup|ipblocklist"},
    {"auth", "spf|dkim|dmarc|arc|senderid|domainkeys|pra"},
    {"spam",
     "spam|uce|ube|junk|spammy|phish*|bulk|bulkmail|spamassassin|spamming|spamlike|spamscore|"
     "scam|newsletter*|advertis*|pourriel|unsolicited|spamprofiler|"
     "*spam*|*junk*|cloudmark|bogofilter"},
    {"virus", "virus|viruses|malware|trojan|worm|infected|eicar|ransomware|clamav|viren|"
              "malicious|virusscan|exploit|macro|macros"},
    {"file", "attachment|attachments|file|files|filename|extension|extensions|executable|zip|exe|"
             "archive"},
    {"tls", "tls|ssl|starttls|encryption|encrypted|encrypt"},
    {"in_url", "nosuchuser|disableduser|inactiveuser|overquota*|unsolicited*|receivingrate*|"
               "unauthenticated*|greylist*|graylist*|rdns|uribl|surbl|dbl|blocklist*|blacklist*|"
               "smtplf|openspf"},
};

// Words of these sets count wherever they stand.
constexpr std::string_view named_sets[] = {"list", "in_url"};

bool fits(std::string_view choice, std::string_view word)
{
    return choice.back() == '*' ? word.starts_with(choice.substr(0, choice.size() - 1))
                                : word == choice;
}

} // namespace

std::array<std::span<const PhraseRule>, phrase_tables> phrases()
{
    return {provider_codes(), address_phrases(), refusal_phrases(), message_phrases(),
            transport_phrases()};
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
