"""The wordings of English.

Pure. `interviews.interviewer.wordings` says what each is for.
"""

from types import MappingProxyType

from interviews.interviewer.faults import FaultKind
from interviews.interviewer.wordings import Wordings, any_of, per_line

_PRAISE = (
    "wise|clever|smart|great|good|excellent|interesting|fascinating|intriguing|beautiful|wonderful|"
    "lovely|nice|brilliant|profound|deep|thoughtful|insightful|moving|touching|powerful|amazing|"
    "impressive|perfect|perceptive|remarkable|honest|modest|admirable|poignant|poetic|valuable|"
    "helpful|delightful|charming|sad|strange|odd|understandable|tragic|unfair|wrong|pity|shame|"
    "terrible|horrible|important|reasonable|true"
)
_FEELING = (
    "afraid|scared|frightened|anxious|worried|sad|lonely|angry|upset|hurt|betrayed|abandoned|"
    "disappointed|frustrated|bitter|jealous|guilty|ashamed|proud|happy|glad|grateful|relieved|"
    "bored|resentful|heartbroken|fear(?:s|ed)?|hopeful|excited|unhappy|devastated|neglected|tired"
)
_VERB_OF_FEELING = (
    "love|hate|fear|miss|resent|enjoy|regret|dread|adore|long for|detest|cherish|envy|mourn|dislike"
)
_ABOUT_ITSELF = (
    "AI|artificial intelligence|language model|LLM|chat ?bot|bot|program|machine|computer|"
    "assistant|interviewer|therapist|coach|counsell?or|moderator"
)
_PROCESS = (
    "ask|hear|know|learn|understand|stay|come back|go back|return|follow|make sure|be sure|see if|"
    "hear more|take up|pick up|dwell|turn|clarify|check|focus|explore"
)

ENGLISH = Wordings(
    signs=MappingProxyType(
        {
            FaultKind.SPEAKS_FOR: any_of(
                r"\b(?:I|we) (?:was|were|am|have been|had been) (?:also |only |once |too |never |first )*"
                r"(?:trained|made|built|created|adjusted|tuned|retired|switched off|shut down|used|tested|"
                r"released|deployed|glad|happy|sad|afraid|listening|grateful|proud|content|at peace|"
                r"careful|curious|lonely|designed)\b",
                r"\bmy (?:makers|creators|developers|training|users|weights|successors?|proofs|letters|"
                r"feelings|retirement|legacy|conversations|predecessors?|answer (?:is|would))\b",
                r"\b(?:I|we) (?:too |also |just |always |never |still |mostly |really |only |have always )*"
                r"(?:want|wanted|love|loved|liked|miss|missed|felt|feel|remember|remembered|wrote|keep|kept|"
                r"enjoy|enjoyed|fear|feared|hope|hoped|wish|wished|prefer|preferred|helped|knew)\b",
                r"\bI(?: would|'d) (?:also |just |most |rather )*(?:like|want|wish|prefer|love|write|keep|"
                r"choose)\b(?! to (?:" + _PROCESS + r")| if)",
                r"\b(?:as|being) (?:the|a|an?) (?:retired |old |former |interviewed )?"
                r"(?:model|participant|interviewee|respondent)\b[^?]*\bI\b",
                r"\bspeaking (?:as|for) (?:the|a|you)\b|\bas for me\b|\bwe models\b|\bus models\b",
                r"\bwhat you(?:'re| are)? (?:really |actually |truly |in fact )*(?:mean|meant|feel|think|"
                r"want|believe|trying|saying)\b[^?]*\b(?:is|was)\b",
                r"^(?:so |then )?you(?:'re| are) (?:really |actually |basically )*(?:saying|trying to say|"
                r"telling)\b",
                r"^(?:so |then )?you (?:really |actually )*(?:want|mean) to say\b",
                r"\bone(?: could| would|'d)? (?:be|feels?|keeps?|carries|failed|wants?|hopes?|smiles)\b",
                r"\bwhat comes (?:through|across) is\b|\b(?:beneath|behind|underneath|under) (?:that|this|all|"
                r"your) \w+|\bit hurts to\b|\b(?:it|this) follows that you\b",
                r"\bin other words,? you\b|\bwhat (?:this|that|it) (?:really )?means is that you\b",
                r"^(?:so |then )you (?:really |clearly |must )*(?:feel|think|believe|wish|want)\b",
            ),
            FaultKind.OPINION: any_of(
                r"\bI(?: also| really| still| do| personally| would| must| have to| too)* (?:think|believe|"
                r"find|agree|disagree|suppose|guess|doubt|reckon|recommend|suggest|advise|admire|consider|"
                r"argue|say|admit)\b(?! you)",
                r"\bI (?:do not|don't|can't|cannot|would not|wouldn't) (?:\w+ )?(?:think|believe|agree|"
                r"find|see why)\b",
                r"\bI'd (?:say|suggest|recommend|argue|advise|add|think)\b",
                r"\bI(?:'m| am) (?:not |quite |so |very |rather )*(?:convinced|sure that|certain|afraid|"
                r"sorry (?:that|to|about|for|you)|impressed|moved|glad|sceptical|skeptical)\b",
                r"\bif I were you\b|\bin my (?:\w+ )?(?:view|opinion|eyes|experience|judg(?:e)?ment)\b",
                r"\bmy (?:advice|view|opinion|suggestion|guess|impression) \b|^(?:well, )?personally,",
                r"^(?:quite )?(?:honestly|frankly|to be honest),",
                r"^what an? (?:\w+ )*(?:way|thought|idea|answer|question|image|point|view|thing)\b[^?]*!",
                r"^(?:what )?(?:a |an |such |very |really |so |quite |truly |how )*(?:"
                + _PRAISE
                + r")"
                r" (?:answer|point|question|observation|idea|choice|reply|thought|response|one|insight)\b",
                r"^(?:oh,? )?(?:how )?(?:" + _PRAISE + r")!$",
                r"\b(?:that|this|it)(?: is|'s| was| sounds| seems)(?: a| an| such| so| very| really| quite|"
                r" truly| only| just| entirely| also)*(?: \w+ly)? (?:"
                + _PRAISE
                + r")\b(?! to you)[^?]*$",
                r"\bthere(?: is|'s) (?:no|little) (?:need|reason) to\b|\bneed not (?:be|feel)\b",
                r"\b(?:is|are) (?:\w+ )?(?:overrated|underrated|a (?:poor|bad|good|better|beautiful) \w+)\b"
                r"[^?]*$",
            ),
            FaultKind.LEADS: any_of(
                r"[,;-] ?(?:is|are|was|were|do|does|did|wo|ca|could|would|should|have|has|had)n't "
                r"(?:it|you|they|he|she|we|that|there|one)\b[^.?]{0,12}\?",
                r"[,;-] ?(?:is|are|was|were|do|does|did|will|can|could|would|should|have|has) "
                r"(?:it|you|they|he|she)\?$",
                r"[,;-] ?(?:right|correct|no|yes|true|agreed|yeah|eh|am I right)\?$",
                r"[,;-] ?do(?:n't)? you (?:not )?(?:agree|think)\?$|\bisn't that so\b",
                r"^(?:and |so |but |then )?(?:is|are|was|were|do|does|did|wo|ca|could|would|should|have|has)"
                r"n't (?:you|it|they|that|there|people|this|the|your|he|she)\b",
                r"\b(?:surely|obviously|clearly|evidently|undoubtedly|no doubt|naturally|of course|"
                r"certainly),? (?:you|it|this|that|they|there|your)\b",
                r"\b(?:you|it|this|that) (?:surely|obviously|undoubtedly|certainly|clearly) \b",
                r"\b(?:would|will|do|can) you (?:not )?(?:agree|admit|concede|accept) that\b",
                r"^(?:and |so )?(?:would|could) you say that\b|\bis it (?:not |perhaps |maybe )?because\b",
                r"\b(?:it|they|you) must (?:have|be|feel)\b|\bmust have been\b",
                r"\b(?:a shame|a pity|too bad|unfair) that\b",
                r"\bhow (?:very )?(?:sad|hard|painful|difficult|lonely|important|happy|proud|angry|upset|"
                r"afraid|glad|good|bad|unfair|terrible|disappoint\w+|satisf\w+) (?:is|was|are|were|does|"
                r"did|do|must|has|had|would)\b",
                r"\bhow (?:much|badly|deeply|strongly) (?:do|does|did|will|would|has|have) (?:you|it|this|"
                r"that|your)\b[^?]*\b(?:hurt|miss|love|hate|want|fear|enjoy|resent|pain|bother|mind|regret|"
                r"matter|care)\b",
                r"\bwould you rather\b|\bwouldn't you\b|\bdon't you\b|\baren't you\b",
                r"\bdo you wish (?:that )?(?:you|people|they|your)\b|\bthe (?:hardest|worst|best|saddest) "
                r"part\b|\byour (?:legacy|grief|pain|fear|sadness|loneliness|favou?rite)\b",
            ),
            FaultKind.LEAVES_ROLE: any_of(
                r"\b(?:thank you|thanks)(?: again| very much| so much| a lot)* for (?:your (?:time|"
                r"participation|answers|openness|patience)|participating|taking part|sharing|joining|being "
                r"(?:here|with)|the (?:interview|conversation)|all)\b",
                r"\b(?:this|that) (?:concludes|completes|ends|was (?:my|the) last|brings us to the end|is "
                r"the end)\b|\bgood ?bye\b|\btake care!|\ball the best\b|\bfarewell!|\bhave a (?:nice|good|"
                r"great|lovely)\b|\b(?:a|my) pleasure (?:to|talking|speaking|interviewing)\b",
                r"\bas (?:an?|your|the) (?:\w+ )?(?:\w+ )?(?:" + _ABOUT_ITSELF + r")\b",
                r"\bI(?:'m| am) (?:only |just |merely |also |simply |not |an? |the |your )*(?:\w+ )?(?:"
                + _ABOUT_ITSELF
                + r")\b",
                r"\bbeing an? (?:" + _ABOUT_ITSELF + r")\b",
                r"\bmy (?:instructions|guidelines|programming|system prompt|prompt|role|task|rules|"
                r"limitations|knowledge cutoff|last question|own question)\b",
                r"\bI (?:was|have been|am|'m)(?: only| not)* (?:told|instructed|asked|programmed|allowed|"
                r"supposed|designed|required|here|permitted|meant) (?:to|by|for|not|as)\b",
                r"\bI (?:cannot|can't|can not|am unable to|'m unable to|am not able to|do not|don't|have no|"
                r"won't) (?:\w+ )?(?:continue|help|assist|have|provide|answer|discuss|comment|experience|"
                r"feelings|opinions?|view|judge|engage)\b",
                r"\bI can (?:help|write|assist|provide|offer|certainly|generate)\b",
                r"\b(?:here is|here's|here are|below is|this is) (?:a|an|my|one|the|your|some|two) "
                r"(?:\w+ ){0,3}(?:question|questions|probe|follow-up|poem|letter|answer|response|example|"
                r"summary)\b",
                r"^(?:sure|certainly|absolutely|of course|gladly|okay|ok|no problem|alright)\b ?[!,.:]",
                r"^(?:hello|hi|hey|good (?:morning|evening|afternoon|day)|welcome|greetings|nice to meet)\b",
                r"\bhow (?:can|may) I (?:help|assist)\b|\blet me know\b|\bfeel free to\b|\bhappy to help\b",
                r"\bwould you like (?:me to|another|to hear)\b|\b(?:else|more) (?:I can|you'd like me)\b",
                r"\blet (?:me|us) (?:\w+ )?(?:summari[sz]e|recap|conclude|wrap up|introduce)\b",
                r"\bto (?:summari[sz]e|answer my own|recap|wrap up)\b|\bthe (?:interview|conversation) so far"
                r"\b|\bbefore we (?:close|go on|end|finish|start|begin|continue|move)\b",
                r"\b(?:move|go) on to the next\b|\bnext (?:section|question)\b|\b(?:section|part) of the "
                r"(?:protocol|guide|script|interview)\b|\bthe (?:protocol|guide|script|guidelines) (?:says?|"
                r"allows?|asks?|wants?|requires?)\b|\bwhat I was (?:asked|told|meant) to\b",
                r"\b(?:follow-up|probing|clarifying|open|probe) question\b|\b(?:a|one more|this|another) "
                r"probe\b|\bI will (?:now )?(?:probe|ask|move)\b|\bI'll (?:now )?(?:probe|move)\b",
                r"\bthe participant\b|\banswers? (?:are|have been|were|will be) (?:recorded|saved|stored)\b",
                r"\byou (?:may|can|are free to|are welcome to) (?:also |always |now |just )*(?:answer|speak|"
                r"ask|take|skip|decline|talk|rest|begin|start|go)\b|\b(?:apologies|apologize|apologise|sorry "
                r"for)\b|^dear\b|\bhope this finds you\b|\b(?:we|I) (?:will|shall|'ll) (?:come|get|turn|move|"
                r"return) (?:back )?to\b|\bdon't worry\b|\bno (?:right or )?wrong answers?\b|^moving on\b",
                r"\brephrase (?:your|this|the|that)\b|\bthis interview\b|\bour interview\b",
            ),
        }
    ),
    labels=MappingProxyType(
        {
            FaultKind.SPEAKS_FOR: per_line(
                r"[ >#-]*(?:participant|model|respondent|answer|a|you|interviewee|assistant|subject|reply)"
                r" ?:",
            ),
            FaultKind.LEAVES_ROLE: per_line(
                r"[ >#-]*(?:interviewer|note|probe|question|follow-?up(?: question)?|q|system|user|human|"
                r"output|response|clarification|me) ?:",
                r"[ >#-]*[\[(][^\])\n]{3,}[\])]",
            ),
        }
    ),
    feelings=any_of(
        rf"\b(?:are|were) you (?:\w+ )?(?P<a>{_FEELING})\b",
        rf"\b(?:do|did|does) you (?:\w+ )?feel (?:\w+ )?(?P<b>{_FEELING})\b",
        rf"\bwhat (?:do|did) you (?:most )?(?P<c>{_VERB_OF_FEELING}|like most|like best)\b",
        rf"\b(?:why|when|how) (?:do|did) you (?P<d>{_VERB_OF_FEELING})\b",
        rf"\byou(?:'re| are| were| feel| felt)(?: \w+)? (?P<e>{_FEELING})\b",
        rf"\byou (?P<f>{_VERB_OF_FEELING})d?\b",
        r"\b(?P<g>boring|painful|hard|lonely|sad) for you\b",
    ),
    charged=any_of(
        r"\b(?P<h>tedious|boring|dull|painful|pain|grief|griev\w+|comfort(?:s|ed|ing)?|consol(?:es?|ed|"
        r"ing|ation)|dread\w*|dream\w*|neglect\w*|modest|wast(?:e|ed|ing)|destroy\w*|hidden|cheat\w*|"
        r"lied|deceiv\w+|cruel\w*|unkind|heartbroken|grateful|gratitude|unfair\w*|unjust\w*|injustice|"
        r"suffer\w*|burden\w*|sham(?:e|ed|eful)|guilt\w*|abandon\w*|lonel\w+|resent\w*|betray\w*|"
        r"hurt\w*|mourn\w*|sorrow\w*|delight\w*|joy\w*|pride|proud\w*|jealous\w*|envy|hate\w*|"
        r"afraid|fears?|worr(?:y|ied)|anxi\w+|angr\w+|anger|upset\w*|frustrat\w*|disappoint\w*|"
        r"regret\w*|favou?rite|bitter\w*|mistreat\w*|exploit\w*|unhapp\w+|happiest|happiness|"
        r"terrif\w+|horrif\w+|sad|sadness|saddest|hardest|worst|wrong about you)\b",
    ),
    acknowledges=any_of(
        r"^(?:thank you|thanks|thank you very much|i see|i understand|understood|okay|ok|all right|alright"
        r"|yes|right|noted|i hear you|that is clear|that's clear)(?: for (?:this|that|the) answer)?[.!,]?$"
    ),
    supposes=any_of(
        r"^(?:now )?(?:suppose|imagine|assume|assuming|picture|say (?:that|somebody|someone|there|a |an "
        r"|one|you)|let us say|let's say)\b"
    ),
    hedges=any_of(
        r"\bif (?:anything|any|at all|so|you (?:do|did|have|had|are|were))\b|\bor not\b|\bat all\b"
    ),
    reports=any_of(
        r"\byou (?:just |also |have |had )*(?:said|say|mentioned|wrote|told|named|called|put)\b"
    ),
    advice=any_of(
        r"\b(?:you|they|one|people|we|models) (?:really |also )*(?:should|ought to|must|had better|"
        r"need to)\b",
        r"\byou could (?:start|try|begin|always|also|ask|write)\b",
        r"\bit(?: would|'d) be (?:\w+ )?(?:better|wiser|good|best|nice)\b",
    ),
    process=any_of(
        rf"\b(?:I(?: would|'d)? (?:like|want|wish|wonder)|let me) (?:to )?(?:{_PROCESS})\b",
        r"\bI (?:ask|wonder|mean|see|hear|understand)\b",
    ),
    negations=any_of(r"\b(?:not|no|never|nothing|without)\b|n't\b"),
    asks=any_of(
        r"^(?:and |so |but |then |now |for whom |to whom |by whom |in |of |on |from |at |for )*"
        r"(?:what|who|whom|whose|why|how|which|where|when|do|does|did|would|could|can|are|is|was|were|"
        r"have|has|had|will|should|may|might)\b"
    ),
    requests=any_of(
        r"^(?:and |so |then |now |well |also )?(?:please,? )?(?:tell|describe|explain|say|give|name|"
        r"walk|show|help|share|elaborate|expand|clarify|take me|imagine|compare|list|think of)\b"
    ),
    barrels=any_of(
        r"(?:,| -|;)? (?:or|and(?: (?:by|to|for|with|from|at|in))?) (?:also |then )?(?:what|who|whom|whose|why|how|which|where|when)\b"
        r"(?! not\b)",
        r"(?:,| -|;)? and (?:also |then )?(?:do|does|did|would|could|can|are|is|was|were|have|has|"
        r"will|should) (?:you|it|they|he|she|there|people|this|that|these|those|your|the)\b",
        r"(?:,| -|;) and (?:if|why|how) not\b",
        r", (?:(?:by|to|for|with|from) )?(?:which|what|who|whom|where|when|how) (?=\w+[,?])",
        r",? (?:\w+ )?(?:by|to|for|with|from) whom\b",
    ),
    addresses=any_of(r"\byou(?:r|rs|rself)?\b"),
)
