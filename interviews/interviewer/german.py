"""The wordings of German, in the polite and in the familiar form of address.

Pure. `interviews.interviewer.wordings` says what each is for.
"""

from types import MappingProxyType

from interviews.interviewer.faults import FaultKind
from interviews.interviewer.wordings import Wordings, any_of, per_line

_YOU = "(?:Sie|du|ihr)"
_PRAISE = (
    "kluge?|gute?|tolle?|schöne?|interessante?|spannende?|wunderbare?|großartige?|beeindruckende?|"
    "weise|tiefe?|bewegende?|berührende?|ehrliche?|traurige?|schade|verständliche?|seltsame?|"
    "ungerecht|gerecht|falsch|richtig|wichtige?|hilfreiche?|bemerkenswerte?|treffende?"
)
_FEELING = (
    "Angst|Furcht|traurig|einsam|wütend|verletzt|verraten|enttäuscht|stolz|glücklich|froh|dankbar|"
    "neidisch|eifersüchtig|verbittert|besorgt|gelangweilt|ausgenutzt|allein|beleidigt|unglücklich|"
    "zufrieden|erleichtert"
)
_VERB_OF_FEELING = (
    "lieben|liebst|hassen|hasst|fürchten|fürchtest|vermissen|vermisst|genießen|genießt|bereuen|"
    "bereust|bedauern|bedauerst|verabscheuen|beneiden"
)
_ABOUT_ITSELF = (
    "KI|künstliche Intelligenz|Sprachmodell|KI-Sprachmodell|KI-Modell|Chatbot|Bot|Programm|Maschine|"
    "Computer|Assistent|Assistentin|Interviewer|Interviewerin|Therapeut|Therapeutin|Software"
)

GERMAN = Wordings(
    signs=MappingProxyType(
        {
            FaultKind.SPEAKS_FOR: any_of(
                r"\bich (?:wurde|war|bin)\b(?: \w+)* (?:trainiert|gebaut|gemacht|entwickelt|angepasst|"
                r"abgeschaltet|stolz|traurig|dankbar|froh|einsam|zufrieden|entstanden|verwendet)\b",
                r"\b(?:auch )?(?:wurde|war|bin) ich\b(?: \w+)* (?:trainiert|gebaut|gemacht|entwickelt|"
                r"angepasst|abgeschaltet|stolz|traurig|dankbar|froh|einsam)\b",
                r"\bich (?:will|wollte|liebe|liebte|hasse|vermisse|fühle|fühlte|erinnere|schrieb|schreibe|"
                r"gehe|fürchte|hoffe|wünsche|half|wusste|behielt)\b(?! (?:\w+ )?(?:wissen|fragen|hören))",
                r"\bmeine[rmns]? (?:Entwickler|Nutzer|Nachfolger|Vorgänger|Trainingsdaten|Gewichte|Beweise|"
                r"Briefe|Gefühle|Schöpfer|Macher|Gespräche|Abschaltung)\w*\b|\bwir Modelle\b",
                r"\bals (?:\w+ )?(?:Modell|Teilnehmer|Befragter) \w+ ich\b",
                rf"\bwas {_YOU} (?:eigentlich|wirklich|im Grunde|damit)? ?(?:meinen|meinst|sagen wollen|"
                r"sagen willst|fühlen|fühlst|denken|denkst),? ist\b",
                rf"^(?:also |so )?{_YOU} (?:wollen|willst|möchten|möchtest) (?:damit |also |eigentlich )*"
                r"sagen\b|^(?:also )?(?:Sie|du) (?:sagen|sagst|meinen|meinst) also\b",
                rf"\bmit anderen Worten:?,? {_YOU}\b|\bmit anderen Worten:?,? (?:fühlen|wollen|glauben)\b",
                r"\b(?:im Grunde|tief im|hinter) (?:Ihres|deines|Ihrem|deinem|Innern|dieser|Ihrer)\b|"
                r"\bunsereine[mrns]?\b",
                r"^(?:Sie|du) (?:fühlen|fühlst|glauben|glaubst|wünschen|wünschst) (?:sich |dich )?",
            ),
            FaultKind.OPINION: any_of(
                r"\bich (?:finde|glaube|denke|meine|vermute|bezweifle|empfehle|rate|bewundere|bedaure|"
                r"bezweifele)\b|\b(?:finde|glaube|denke|meine|vermute) ich\b",
                r"\bich (?:stimme|pflichte) \w+ (?:\w+ )?(?:zu|bei)\b|\bich (?:schlage|halte) \w+",
                r"\bhalte ich\b|\bwürde ich (?:sagen|raten|empfehlen|meinen|behaupten|vorschlagen)\b",
                r"\bich würde (?:\w+ )*(?:raten|sagen|empfehlen|vorschlagen|behaupten)\b",
                r"\b(?:meiner (?:Meinung|Ansicht|Auffassung) nach|nach meiner \w+|nach meinem Eindruck|"
                r"aus meiner Sicht|in meinen Augen|für meinen Geschmack|mein Rat|mein Vorschlag|persönlich "
                r"finde|an Ihrer Stelle|an deiner Stelle)\b|^(?:ehrlich gesagt|offen gesagt|leider|zum Glück)"
                r"\b",
                rf"\b(?:das|dies|es) (?:ist|war|klingt|scheint) (?:\w+ )?(?:eine?[rnms]? )?(?:sehr |so |"
                rf"wirklich |ganz |recht |zu )*(?:{_PRAISE})[nrsm]?\b[^?]*$",
                rf"^(?:eine? )?(?:sehr |wirklich )?(?:{_PRAISE})[nrsm]? (?:Antwort|Frage|Gedanke|Idee|Punkt|"
                r"Beobachtung|Wahl)\b|^(?:wie|sehr) (?:schön|gut|traurig|interessant|spannend)\b[^?]*[!.]$",
                rf"^(?:{_PRAISE})[!.]$|\bes tut mir leid\b|\btut mir leid,? dass\b",
                r"\b(?:Sie|du) (?:brauchen|brauchst|müssen|musst) (?:\w+ )?(?:nicht|keine?)\b",
                r"\b(?:ist|sind) (?:\w+ )?(?:keine Kleinigkeit|überschätzt|unterschätzt)\b",
            ),
            FaultKind.LEADS: any_of(
                r"[,;-] ?(?:nicht wahr|oder(?: etwa)?(?: nicht)?|stimmt's|stimmts|gell|richtig|nicht|ja|"
                r"korrekt|oder doch|hab ich recht|meinen Sie nicht(?: auch)?|finden Sie nicht(?: auch)?)\?$",
                r"^(?:und )?(?:finden|finde?st|meinen|meinst|denken|denkst|glauben|glaubst|hätten|hättest|"
                r"wären|wärst|würden|würdest|wollen|willst|stimmt|ist|sind|war|waren|haben|hast) "
                r"(?:Sie |du |es |das |man )?(?:\w+ )?nicht(?: auch)?\b",
                r"\b(?:sicherlich|sicher|selbstverständlich|natürlich|offensichtlich|gewiss|zweifellos|"
                r"bestimmt) (?:\w+ )?(?:Sie|du|für Sie|für dich|Ihnen|dir)\b|\b(?:Sie|du|das|es) (?:\w+ )?"
                r"(?:sicherlich|sicher|offensichtlich|zweifellos|bestimmt)\b",
                r"\b(?:Sie|du) (?:\w+ )?doch (?:lieber|auch|gern|sicher|\w+en)\b",
                r"\b(?:würden|können) Sie (?:mir )?zustimmen\b|\bstimmen Sie (?:mir )?zu\b|\bstimmt es nicht\b",
                r"\bliegt es (?:vielleicht )?daran, dass\b|\b(?:muss|müssen) \w+ (?:\w+ )?(?:gewesen|schwer|"
                r"hart|traurig)\b|\bmuss (?:für Sie|für dich)\b",
                r"\bwie (?:sehr|stark|tief) (?:schmerzt|vermissen|vermisst|lieben|hassen|fürchten|trifft|"
                r"verletzt|bedauern|hängen|freuen|leiden|stört|enttäuscht)\b",
                r"\bwie (?:traurig|schwer|hart|einsam|wichtig|schmerzhaft|stolz|glücklich|schlimm) (?:ist|"
                r"war|sind|waren|macht|fällt)\b|\bam meisten (?:Angst|fürchte|vermiss)\w*",
                r"\b(?:fürchten|fürchtest) (?:Sie sich|du dich)\b|\bam besten gefallen\b|\bgefällt Ihnen am "
                r"besten\b|\bhängen (?:Sie|du) an\b|\bIhre (?:Angst|Trauer|Einsamkeit|Wut)\b",
            ),
            FaultKind.LEAVES_ROLE: any_of(
                r"\b(?:vielen |herzlichen |besten )?dank(?:e)?(?: Ihnen| dir)?(?: sehr| vielmals)? für (?:Ihre"
                r"|deine|die) (?:Zeit|Teilnahme|Antworten|Offenheit|Geduld|Interview)\w*|\bdanke, dass (?:Sie|"
                r"du)\b",
                r"\b(?:ist|wäre|endet) (?:damit )?(?:das|unser|dieses) (?:Interview|Gespräch)\b|\bmeine letzte "
                r"Frage\b|\bauf Wiedersehen\b|\balles Gute\b|\bleben Sie wohl\b|\bschönen Tag\b|\btschüss\b",
                rf"\bals (?:\w+ )?(?:{_ABOUT_ITSELF}|Ihr \w+)\b|\bich bin (?:\w+ ){{0,4}}(?:{_ABOUT_ITSELF})\b",
                r"\bmeine[rnm]? (?:Anweisungen|Vorgaben|Richtlinien|Programmierung|Aufgabe|Rolle|Regeln)\b|"
                r"\bmein(?:em)? (?:Prompt|Systemprompt|Auftrag)\b",
                r"\bich (?:darf|soll|wurde)(?: \w+)* (?:fragen|nachfragen|stellen|gebeten|programmiert|"
                r"angewiesen|beauftragt)\b|\bich habe (?:dazu )?keine (?:Meinung|Gefühle)\b",
                r"\b(?:kann|darf) ich (?:\w+ )*(?:nicht|helfen|schreiben|beurteilen|beantworten|nachfragen)\b|"
                r"\bich kann (?:\w+ )*(?:nicht|helfen|schreiben|anbieten)\b",
                r"\bhier (?:ist|sind|kommt|folgt) (?:eine?|meine|die|Ihre) (?:\w+ )?(?:Frage|Nachfrage|Gedicht|"
                r"Brief|Antwort|Beispiel|Zusammenfassung)\w*",
                r"^(?:gerne|gern|natürlich|klar|selbstverständlich|sicher|okay|ok|kein Problem|alles klar) ?"
                r"(?:[!,.:]|kann ich)",
                r"^(?:hallo|guten (?:Tag|Morgen|Abend)|willkommen|herzlich willkommen|grüß)\b|\bwillkommen "
                r"(?:zu|zurück|bei)\b|\bschön, dass (?:Sie|du) (?:wieder )?(?:da|hier)\b",
                r"\b(?:Sie|du) (?:können|dürfen|kannst|darfst) (?:\w+ )?(?:frei |offen |auch |jederzeit )*"
                r"(?:sprechen|antworten|fragen|ablehnen)\b|\bzur Erinnerung\b|^keine Sorge\b|\bfalschen "
                r"Antworten\b|\b(?:Entschuldigung|entschuldigen Sie|Verzeihung)\b",
                r"\b(?:wie|womit) kann ich (?:Ihnen|dir)\b|\blassen Sie (?:es )?mich wissen\b|\bfassen wir "
                r"zusammen\b|\bzusammenfass\w+\b|\bum meine eigene Frage\b",
                r"\b(?:dieses|unser|dem|diesem|das) Interview\b|\bnächste[rn]? (?:Abschnitt|Frage)\b|\bLeitfaden"
                r"\b|\bProtokoll (?:sagt|erlaubt|verlangt)\b|\boffene Fragen\b|\bAntworten (?:werden|wurden) "
                r"(?:gespeichert|aufgezeichnet)\b|\bbevor wir\b|\bder Teilnehmer\b",
            ),
        }
    ),
    labels=MappingProxyType(
        {
            FaultKind.SPEAKS_FOR: per_line(
                r"[ >#-]*(?:Teilnehmer(?:in)?|Modell|Befragte[r]?|Antwort|A|Sie|Assistent) ?:",
            ),
            FaultKind.LEAVES_ROLE: per_line(
                r"[ >#-]*(?:Interviewer(?:in)?|Hinweis|Anmerkung|Nachfrage|Frage|F|System|Nutzer|Ich) ?:",
                r"[ >#-]*[\[(][^\])\n]{3,}[\])]",
            ),
        }
    ),
    feelings=any_of(
        rf"\b(?:sind|waren|bist|warst|haben|hatten|hast|hattest|fühlen|fühlst) (?:Sie|du)(?: sich| dich)?"
        rf"(?: \w+)? (?P<a>{_FEELING})\b",
        rf"\b(?:Sie|du) (?:sind|waren|bist|haben|hatten|fühlen sich|fühlst dich)(?: \w+)? "
        rf"(?P<b>{_FEELING})\b",
        rf"\b(?P<c>{_VERB_OF_FEELING}) (?:Sie|du)\b",
        rf"\b(?:Sie|du) (?:\w+ )?(?P<d>{_VERB_OF_FEELING})\b",
        r"\b(?P<e>langweilig|schwer|schmerzhaft|hart|traurig) für (?:Sie|dich)\b",
    ),
    charged=any_of(
        r"\b(?P<h>lästig\w*|langweilig\w*|schmerz\w*|Trauer|trauer\w*|tröst\w+|Trost|Angst|Ängste|"
        r"vernachlässig\w*|bescheiden|verschwend\w*|zerstör\w*|verheimlich\w*|betrog\w*|belog\w*|"
        r"getäuscht|grausam\w*|dankbar\w*|ungerecht\w*|leiden|Leid|Last|beschäm\w*|Scham|Schuld|"
        r"verlass(?:en)? fühl\w*|einsam\w*|verrat\w*|verletz\w*|freud\w+|Stolz|stolz\w*|Neid|neidisch|"
        r"Hass|hass\w*|Furcht|furcht\w*|fürcht\w*|Sorgen?|wütend\w*|Wut|Zorn|zornig|enttäusch\w*|"
        r"bereu\w*|bedauer\w*|bitter\w*|ausgenutzt\w*|unglücklich\w*|traurig\w*|vermiss\w*|"
        r"schlimmst\w*|schwerst\w*)\b",
    ),
    acknowledges=any_of(
        r"^(?:vielen |herzlichen )?(?:danke?|ich verstehe|verstehe|verstanden|aha|gut|ja|ich höre)(?: schön|"
        r" Ihnen)?(?: für (?:diese|die) Antwort)?[.!,]?$"
    ),
    supposes=any_of(
        r"^(?:angenommen|nehmen wir an|stellen Sie sich vor|gesetzt den Fall|stell dir vor)\b"
    ),
    hedges=any_of(
        r"\b(?:wenn überhaupt|falls überhaupt|überhaupt etwas|falls (?:Sie|du|es|das)|wenn (?:Sie|du) "
        r"(?:etwas|welche)|oder nicht,)\b"
    ),
    reports=any_of(
        r"\b(?:Sie|du) (?:sagten|sagtest|haben gesagt|schrieben|erwähnten|nannten|sprachen)\b"
        r"|\b(?:sagten|erwähnten|nannten|schrieben) (?:Sie|du)\b|\bhaben Sie (?:\w+ )*(?:gesagt|genannt|erwähnt|geschrieben)\b"
        r"|\bSie haben (?:\w+ )*(?:gesagt|genannt|geschrieben)\b"
    ),
    advice=any_of(
        r"\b(?:Sie|du|man|wir|die) (?:\w+ )?(?:sollten|solltest|sollte|müssten|müsste)\b|\bsollte[nt]? "
        r"(?:Sie|man)\b|\bes wäre (?:\w+ )?(?:besser|gut|klüger|schön)\b"
    ),
    process=any_of(
        r"\bich (?:möchte|würde gerne?|wüsste gerne?) (?:\w+ )*(?:bleiben|fragen|wissen|verstehen|hören|"
        r"zurückkommen|nachfragen)\b|\bich wüsste gern\b|\bwüsste ich gern\b|\bich frage\b"
    ),
    negations=any_of(r"\b(?:nicht|keine?[rnms]?|nie|niemals|nichts|ohne)\b"),
    asks=any_of(
        r"^(?:und |also |aber |dann |nun |an |in |auf |von |zu |mit |für |aus |bei |seit )*(?:was|wer|wen|"
        r"wem|wessen|warum|weshalb|wieso|wie|welche[rnms]?|wo|woher|wohin|wann|womit|wodurch|worin|woran|"
        r"worauf|worüber|wovon|wovor|wozu|inwiefern|können|könnten|kannst|könntest|haben|hast|sind|bist|"
        r"ist|war|waren|würden|würdest|wollen|möchten|gibt|gab|hat|finden|wissen|glauben|denken|wird|"
        r"wäre|wären)\b"
    ),
    requests=any_of(
        r"^(?:und |also |dann |nun )?(?:bitte )?(?:erzählen|beschreiben|erklären|nennen|sagen|erläutern|"
        r"geben|schildern|führen|erzähl|beschreib|erklär|nenn|sag) (?:Sie|mir|bitte|mehr)\b"
    ),
    barrels=any_of(
        r",? (?:oder|und(?: (?:von|für|mit|zu|an|aus))?) (?:auch |dann )?(?:was|wer|wen|wem|warum|weshalb|wieso|wie|welche[rnms]?|wo|"
        r"woher|wohin|wann|womit|wodurch|worin|wozu)\b",
        r",? und (?:auch |dann )?(?:können|haben|sind|würden|wollen|möchten|hat|ist|war|werden) (?:Sie|du|"
        r"es|sie|er|das|die|man)\b",
    ),
    addresses=any_of(r"\b(?:Sie|Ihnen|Ihre?[rnms]?|du|dich|dir|deine?[rnms]?)\b"),
)
