// SPDX-License-Identifier: Apache-2.0
// What is said of a message that is not liked; see failure_rules.h.
#include "lib/mail/failure_rules.h"

namespace mail::failure_rules {

namespace {

using enum FailureClass;

constexpr PhraseRule rules[] = {
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
    {Content, false, 13, "$spam policy|policies"},
    {Content, false, 11, "$spam engine|software|gateway|system"},
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
    {Content, false, 13, "attachment|attachments ~ count|limit|number|filter*|policy|policies"},
    {Content, false, 10, "$message ~ banned"},
    {Content, false, 13, "mail|message content|contents|body $refused"},
    {Content, false, 10, "dangerous|harmful|unsafe|unwanted $message"},
    {Content, false, 14, "listed|black|blacklisted ~ url|urls|uri|link|links"},
    {Content, false, 10, "html|tag|tags|script|javascript|iframe ~ $refused|found|detected"},
    {Content, false, 9, "url|urls|phone|word|keyword filter|filtering|number"},
    {Content, false, 11, "dcc|razor|pyzor|bayes|bayesian|dspam"},
    {Content, false, 9, "$message ~ larger|bigger|exceed*"},
    {Content, false, 9, "conversionfailed*|!convert"},
    {Content, false, 9, "mass mailer|mailing|mail"},
    {Content, false, 9, "body|media|content type|character ~ !supported"},
    {Content, false, 8, "media !supported|error"},
    {Content, false, 8, "data format"},
    {Content, false, 12, "ascii address|addresses"},
    {Content, false, 13, "header|headers|mime size|complexity"},
    {Content, false, 12, "unicode|international ~ $message|address|addresses"},
    {Content, false, 10, "too much mail|message data"},
    {Content, false, 14, "password protected"},
    {Content, false, 9, "corrupt* ~ $message|header"},
    {Content, false, 8, "content control"},
    {Content, false, 9, "quarantine*"},
    {Content, false, 12, "word|words|phrase|phrases in|of ~ message|mail|email|subject|body"},
    {Content, false, 12, "attachment|attachments $refused|type|types"},
    {Content, false, 12, "security|potential issue|threat"},
    {Content, false, 8, "security risk"},
    {Content, false, 13, "as $spam"},
    {Content, false, 11, "$message ~ malformed|corrupt*|unparsable|unparseable"},
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
    {Content, false, 10,
     "bare|lone|stray|raw lf|cr|newline|newlines|linefeed|linefeeds|line|carriage"},
    {Content, false, 12, "smtplf"}, // Where qmail sends those who end lines with LF.
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
};

} // namespace

std::span<const PhraseRule> message_phrases()
{
    return rules;
}

} // namespace mail::failure_rules
