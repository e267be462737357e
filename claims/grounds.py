"""What spoke for a decision, in words: the names of the choosers' features as short phrases.

A feature's name tells what was seen ("grade=listed", "s:deploy", "gap>2"). Whole families of names are said
by one pattern here. A name that no pattern knows has no phrase: it is shown where raw names are asked for.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import cache

_CUES = {
    "deploy": "running and installing",
    "order": "ordering and buying",
    "ship": "making and shipping",
    "invest": "spending and investing",
    "funding": "raising money",
    "power": "electricity and data centres",
    "perform": "computing performance",
    "price": "prices",
    "rent": "renting by time or piece",
    "launch": "launching and opening",
    "users": "users and customers",
    "jobs": "jobs and staff",
    "revenue": "revenue and profit",
    "plan": "planning",
    "modal_future": "the future",
    "hearsay": "rumour and report",
    "modal": "possibility",
    "forecast": "forecasting",
    "deny": "denying",
    "denial": "denying",
    "cancel": "cancelling",
    "fact": "what is or was",
    "past_intention": "a past intention",
    "spoken_for_itself": "a party's own outlook",
    "konjunktiv": "reported speech",
    "say": "saying",
    "according": "quoting a source",
    "previous": "an earlier figure",
    "compared": "comparison",
    "conversion": "converting a sum",
    "stock": "the stock market",
    "penalty": "fines, savings and pay",
    "datasheet": "data sheets",
    "per_each": "counting by the piece",
    "supposition": "supposing",
    "irrealis": "what would be",
    "percent": "percentages",
    "hypothetical": "hypotheses",
    "pageware": "page furniture",
    "more_of": "parts and totals",
    "equivalent": "equivalents",
    "equivalent_before": "counting in equivalents",
    "replaced": "replacing an earlier figure",
    "unnamed_report": "reports that name nobody",
    "we": "the speaker's own side",
}
_SMALL = {
    "pronoun": "a pronoun",
    "supply_to": "a small word of supply (“to”, “from”)",
    "definite": "a definite article",
    "determiner": "an article",
    "from_party": "a word like “from”",
    "to_party": "a word like “to”",
    "ordered_at": "a word for whom it is ordered from (“bei”)",
    "lets": "a word of letting (“leases”, “vermietet”)",
    "let_to": "a word for whom it is let to (“to”, “an”)",
    "given_by": "a word for whom it is given by (“from”)",
    "receives": "a word of receiving (“won”, “erhielt”)",
    "an_order": "a word for an order",
}
_GRADES = {
    "listed": "a product of the catalogue",
    "family": "a member of a known product line",
    "built": "a product named after its maker",
    "class": "a plain class of products",
    "site": "a site",
    "name": "a name that may be a product",
}
_SIZES = (
    "below ten",
    "in the tens",
    "in the hundreds",
    "in the thousands",
    "in the ten thousands",
    "in the hundred thousands",
    "in the millions",
    "in the ten millions",
    "in the hundred millions",
    "in the billions",
)
_KINDS = "deployment|order|shipment|investment|power|performance|price|launch|users|jobs|revenue"
_RELATIONS = "nobody|itself|its person|another's person|a person|media|analyst|bank|another party"
_TENSES = "none|past|future|now|until"
_CROSSED = re.compile(rf"(?:{_KINDS}|{_RELATIONS}|{_TENSES}|subject=True|subject=False)\|(?=.)")


def phrase(field: str, feature: str, sentence: str = "") -> str | None:
    """The feature in words, None where no pattern knows it; `sentence` lends whole words for stems."""
    base = _CROSSED.sub("", feature, count=1)
    for rules in (_rules().get(field, ()), _rules()["any"]):
        for pattern, say in rules:
            match = pattern.fullmatch(base)
            told = _said(say, match, sentence) if match else None
            if told is not None:
                return told or None
    return None


def _said(say: str, match: re.Match[str], sentence: str) -> str | None:
    """The pattern's phrase with its groups put in, None where one of them has no words.

    An empty phrase is that of a feature that tells a person nothing.
    """
    parts = {}
    for name, value in match.groupdict().items():
        told = _WORDERS[re.sub(r"\d", "", name)](value or "", sentence)
        if told is None:
            return None
        parts[name] = told
    return say.format(**parts)


def _cue(name: str, _: str) -> str | None:
    if name in _SMALL:
        return _SMALL[name]
    return f"a word of {_CUES[name]}" if name in _CUES else None


def _words_of(name: str, _: str) -> str | None:
    return f"words of {_CUES[name]}" if name in _CUES else _SMALL.get(name)


def _size(text: str, _: str) -> str | None:
    size = int(text)
    return "below one" if size < 0 else _SIZES[size] if size < len(_SIZES) else "beyond ten billions"


def _gap(text: str, _: str) -> str:
    steps = {"0": "right", "1": "one word", "2": "two words", "3": "three words"}
    return steps.get(text) or ("more than twenty words" if text == "far" else f"up to {text} words")


def _side(mark: str, _: str) -> str:
    return "behind" if mark == ">" else "before"


def _back(text: str, _: str) -> str:
    steps = {"0": "in the same sentence", "-1": "in a later sentence", "-2": "in a later sentence"}
    return steps.get(text) or f"{_number(text, '')} sentence{'' if text == '1' else 's'} earlier"


def _number(text: str, _: str) -> str:
    words = ("no", "one", "two", "three", "four")
    return words[int(text)] if text.isdecimal() and int(text) < len(words) else text


def _many(text: str, _: str) -> str:
    return {"0": "none", "1": "one", "2": "several"}.get(text, text)


def _word(stem: str, sentence: str) -> str:
    """The sentence's own word for a stem; the stem where it holds none."""
    start = _folded(stem)[: max(3, len(stem) - 2)]
    words = re.findall(r"\w+", sentence)
    exact = [word for word in words if word.lower() == stem]
    alike = [word for word in words if _folded(word).startswith(start)]
    return str((exact or alike or [stem])[0])


def _folded(word: str) -> str:
    plain = unicodedata.normalize("NFKD", word.lower())
    return "".join(character for character in plain if not unicodedata.combining(character))


_WORDERS: dict[str, Callable[[str, str], str | None]] = {
    "cue": _cue,
    "words": _words_of,
    "grade": lambda name, _: _GRADES.get(name),
    "size": _size,
    "gap": _gap,
    "side": _side,
    "back": _back,
    "number": _number,
    "many": _many,
    "word": _word,
    "name": lambda name, _: name.replace("_", " "),
}

_CUE, _GRADE = r"(?P<cue>\w+)", r"(?P<grade>\w+)"
_GAP = r"(?P<side>[<>])(?P<gap>\d+|far)"

# Patterns of features that several fields share.
_ANY = {
    r"bias|none": "",
    r"same clause": "in the same clause as the amount",
    r"other clause": "in another clause than the amount",
    r"in title": "named in the headline",
    rf"gap{_GAP}": "{gap} {side} the amount",
    r"amounts between=0[<>]?": "no other amount in between",
    r"amounts between=(?P<number>\d)[<>]?": "other amounts in between",
    r"like between=0[<>]": "no other time or amount of its sort in between",
    r"like between=\d[<>]": "others of its sort in between",
    r"same paragraph": "in the same paragraph",
    r"title": "stands in the headline",
    r"heading": "stands in a heading",
    r"quoted": "the sentence holds a quotation",
    r"question": "the sentence asks a question",
    r"has percent": "a percentage in the sentence",
    r"no verb at start": "the sentence opens without a verb, like a heading or a list",
    r"length=(?P<name>short|middle|long)": "a sentence of {name} length",
    r"before:(?P<cue>\w+)": "{cue} in the sentence before",
    r"next:(?P<cue>\w+)": "{cue} in the sentence behind",
    r"from end=\d": "at the end of the text",
    rf"cl:{_CUE}": "{cue} in its clause",
    rf"ne:{_CUE}(?P<side>[<>])": "{cue} close {side} the amount",
    rf"k:{_CUE}(?P<side>[<>])": "{cue} right {side} the amount",
    r"c:(?P<word>.+)": "“{word}” in its clause",
    r"role:type unknown": "a name beside it that is in no list",
    r"role:type (?P<name>\w+)": "a name beside it that stands for a {name}",
    r"role:(?P<name>\w+)": "a party of the trade “{name}” beside it",
}

_KIND = {
    r"measure=.*|unit=None|form=.*\+.*|grain=.*": "",
    r"unit=(?P<name>\w+)": "the amount is in {name}",
    r"(?:\w+\|)?mg=(?P<size>-?\d+)": "the number is {size}",
    r"range": "a range of numbers",
    r"bound": "an open bound (“at least”, “up to”)",
    r"approx": "rounded by a word such as “about”",
    r"lent(?: \w+)?": "its unit is borrowed from another amount",
    r"scaled": "written with a word such as “million”",
    r"fraction": "a number with decimals",
    r"n1:(?P<word>.+)": "“{word}” right behind the amount",
    r"n\d:(?P<word>.+)": "“{word}” shortly behind the amount",
    r"p1:(?P<word>.+)": "“{word}” right before the amount",
    r"p\d:(?P<word>.+)": "“{word}” shortly before the amount",
    r"n12:(?P<word1>[^_]+)_(?P<word2>.+)": "“{word1} {word2}” behind the amount",
    r"p12:(?P<word1>[^_]+)_(?P<word2>.+)": "“{word1} {word2}” before the amount",
    r"w:(?P<word>.+)": "“{word}” in the sentence",
    rf"s:{_CUE}": "{cue} in the sentence",
    r"k:class=None": "",
    r"k:class=(?P<name>.+)": "the nearest product is of the class “{name}”",
    rf"product:{_GRADE}{_GAP}": "{grade} {gap} {side} the amount",
    r"no product": "no product in the sentence",
    r"parties=0/0": "no party in the sentence",
    r"parties=(?P<many1>\d)/(?P<many2>\d)": "parties named: {many1} before the amount, {many2} behind",
    r"amounts=0": "no amount in the sentence",
    r"amounts=1": "the only amount in the sentence",
    r"amounts=4": "four amounts or more in the sentence",
    r"amounts=(?P<number>\d)": "{number} amounts in the sentence",
    r"times=(?P<number>\d)": "{number} times in the sentence",
    r"amount no\. 0": "the first amount of the sentence",
    r"amount no\. \d": "not the first amount of the sentence",
    r"form=(?P<name>\w+)": "a time of the form “{name}”",
    r"starts=none\+.*|start gap=none": "no word of starting in the sentence",
    rf"starts=(?P<name>\w+)\+(?:thing|elsewhere)={_GRADE}": "a word of starting in its {name}, with {grade}",
    r"starts=(?P<name>\w+)\+.*": "a word of starting in its {name}",
    r"start gap=(?P<gap>\d+|far)": "a word of starting beside it or {gap} away",
}

_OBJECT = {
    r"grade=(?P<grade>\w+)(?:[<>].*)?": "{grade}",
    r"back=(?P<back>-?\d)(?:\+\w+)?": "named {back}",
    r"\w+\+nearer=0[<>]": "no other name is nearer",
    r"\w+\+nearer=\d[<>]": "other names are nearer",
    r"step=0\+as many=\w+": "as far on in the sentence as the amount among its like",
    r"step=-?\d\+as many=\w+": "stands elsewhere in the line than the amount",
    r"products between=0": "no other product in between",
    r"products between=\d": "other products in between",
    r"after:\^": "opens the sentence",
    r"after:(?P<word>.+)": "stands behind “{word}”",
    r"last product before": "the last product named before",
    r"earlier product": "not the last product named before",
    rf"none in sentence\+{_GRADE}": "no product in the sentence itself, and this is {grade}",
    r"named=(?P<number>\d)": "named {number} times in the article",
    r"has maker": "its maker is known",
    r"(?:of )?class=None": "",
    r"(?:of )?class=(?P<name>.+)": "of the class “{name}”",
    r"name employs=True": "the name also employs people, like a company",
    r"name employs=False": "the name employs nobody, like a thing",
    r"name introduced=True": "a noun introduces the name",
    r"name introduced=False": "no noun introduces the name",
    r"name (?P<name>[\w ]+)": "the name's sign: {name}",
}

_SUBJECT = {
    r"type=unknown": "the name is in no list",
    r"type=(?P<name>\w+)": "the name stands for a {name}",
    r"known=True": "in the catalogue",
    r"known=False": "not in the catalogue",
    r"not in sentence": "not named in the sentence",
    r"named": "named in the sentence",
    r"only in a compound": "named only inside another word",
    r"first party": "the first party of the sentence",
    r"only party": "the only party of the sentence",
    r"described(?:\+.*| same clause.*)?": "a description stands for it",
    r"another is described": "a description stands for somebody else",
    r"no party in sentence": "no party is named in the sentence",
    r"person here is its own=True.*": "the person named here works for it",
    r"person here is its own=False.*": "the person named here works for another",
    r"we: employs speaker": "“we” is said by one of its people",
    r"we: does not": "“we” is said by nobody of its own",
    r"pronoun (?P<word>\w+)\+leads=True.*": "“{word}” stands for it: the sentence before is about it",
    r"pronoun (?P<word>\w+)\+leads=False.*": "“{word}” may stand for another",
    r"pronoun\+leads=True": "a pronoun stands for it: the sentence before is about it",
    r"pronoun\+leads=False": "a pronoun may stand for another",
    r"pronoun (?P<word>\w+)\+employer=True": "“{word}” stands for one of its people",
    r"pronoun (?P<word>\w+)\+employer=False": "“{word}” stands for nobody of its own",
    r"form=(?P<name>\w+)[<>]?": "mentioned as a {name}",
    r"clause same[<>]": "in the same clause as the amount",
    r"clause other[<>]": "in another clause than the amount",
    r"prev=\^[<>]?": "opens the sentence",
    r"next=\$": "ends the sentence",
    r"prev=(?P<word>[^<>]+)[<>]?": "stands behind “{word}”",
    r"next=(?P<word>.+)": "“{word}” follows",
    r"parties between=0[<>]": "no other party in between",
    r"parties between=\d[<>]": "other parties in between",
    r"amounts \d parties 0 between[<>]": "no other party in between",
    r"amounts \d parties 1 between[<>]": "other parties in between",
    r"order=0": "no other party before it",
    r"order=\d": "other parties before it",
    r"marks between=0": "no comma in between",
    r"marks between=\d": "commas in between",
    rf"followed by {_CUE}": "{cue} follows",
    rf"preceded by {_CUE}": "{cue} precedes",
    r"last seen=4": "named four sentences earlier or more",
    r"last seen=(?P<back>\d)": "named {back}",
    r"led sentence 4 back": "led a sentence before",
    r"led sentence (?P<back>\d) back": "led the sentence {back}",
    r"only later": "named only later",
    r"frequency rank=0": "the party named most",
    r"frequency rank=\d": "not the party named most",
    r"named at once": "named at the beginning of the article",
    r"never named alone": "never named by itself",
    r"role=(?P<name>\w+)": "its trade: {name}",
    r"maker=True|makes True\+.*": "it makes the product",
    r"maker=False|makes False\+.*": "another makes the product",
    r"is the product": "the product bears its name",
    r"hint=title": "its name comes from the headline",
    r"hint=called (?P<name>\w+)": "the text calls it: {name}",
    r"hint=(?P<name>.+)": "its name has a sign of a party: {name}",
    r"introduced by a noun": "a noun introduces the name",
    r"unlisted article=.*\+introduced=True": "an unknown name that a noun introduces",
    r"unlisted article=.*\+introduced=False": "an unknown name that no noun introduces",
    r"employs=True.*": "people in the article work for it",
    r"employs=False.*": "nobody in the article works for it",
    r"leads share=[01]\+.*": "seldom the first party of a sentence",
    r"leads share=[234]\+.*": "often the first party of a sentence",
    r"product like=True.*": "products bear the name",
    r"product like=False.*": "no product bears the name",
    r"share of names=[0-1]": "a small share of the parties named",
    r"share of names=\d": "a great share of the parties named",
    r"words=1\+.*": "a name of one word",
    r"words=\d\+.*": "a name of several words",
}

_DUE = {
    r"none\+times=0": "no time in the sentence",
    r"none\+times=(?P<number>\d)": "{number} times in the sentence",
    r"none\+before=True": "a time in the sentence before",
    r"none\+before=False": "no time in the sentence before",
    rf"none\+{_CUE}": "{cue} in the sentence",
    r"form=(?P<name>\w+)[<>]?": "a time of the form “{name}”",
    r"grain=(?P<name>\w+)": "as exact as a {name}",
    r"back=(?P<back>-?\d)(?:\+.*)?": "it stands {back}",
    r"nearer times=0": "the nearest time",
    r"nearer times=\d": "another time stands nearer",
    r"times=1": "the only time in the sentence",
    r"times=(?P<number>\d)": "{number} times in the sentence",
    r"own time=True": "the sentence has a time of its own",
    r"own time=False": "the sentence has no time of its own",
    rf"time (?P<name>past|future|now)\+{_CUE}": "a time of the {name}, with {cue}",
    r"time now": "a time around the publication",
    r"time (?P<name>past|future)": "a time in the {name}",
    r"before (?P<word>.+)": "“{word}” follows",
}

_STATUS = {
    rf"s:{_CUE}": "{cue} in the sentence",
    r"s:(?P<word>.+)": "“{word}” in the sentence",
    r"due=none": "no time is given",
    r"due=until": "a deadline is given",
    r"due=now": "the time is around the publication",
    r"due=(?P<name>past|future)": "the time is in the {name}",
    r"kind=(?P<name>\w+)(?:\+.*)?": "usual for the kind “{name}”",
    r"speaker=nobody(?:\+.*)?": "nobody is named as saying it",
    r"speaker=itself(?:\+.*)?": "the party says it itself",
    r"speaker=its person(?:\+.*)?": "one of the party's people says it",
    r"speaker=(?P<name>[^+]+)(?:\+.*)?": "who says it: {name}",
    r"has party": "a party is named in the sentence",
    r"intended before=False\+off here=False": "nothing was intended before, nothing called off",
    r"intended before=True\+off here=True": "an earlier intention, and words of calling it off",
    r"intended before=True\+.*": "a past intention",
    r"intended before=False\+.*": "words of calling off, of nothing intended before",
}

_SPEAKER = {
    r"none\+quoted=True": "the sentence holds a quotation",
    r"none\+quoted=False": "the sentence holds no quotation",
    r"none\+title=True": "it stands in the headline",
    r"none\+title=False": "it stands in the text, not in the headline",
    r"none\+people=0": "no person in the sentence",
    r"none\+people=\d": "people in the sentence",
    r"none\+said next": "a word of saying in the sentence behind",
    rf"none\+{_CUE}": "{cue} in the sentence",
    r"type=unknown": "the name is in no list",
    r"type=(?P<name>\w+)": "the name stands for a {name}",
    r"is subject=True": "it speaks of itself",
    r"is subject=False": "somebody other than the party that the claim is about",
    r"role=(?P<name>\w+)": "its trade: {name}",
    r"(?:\w+\+)?offset=0": "named in the same sentence",
    r"(?:\w+\+)?offset=-(?P<number>\d)": "named {number} sentences earlier",
    r"(?:\w+\+)?offset=1": "named in the sentence behind",
    r"offset=-?\d\+(?:paragraph|konjunktiv)=.*": "",
    rf"(?:offset=-?\d\+)?{_CUE} (?P<name>after|before) \d": "beside {cue}",
    r"(?:offset=-?\d\+)?prev=\^": "opens the sentence",
    r"(?:offset=-?\d\+)?prev=(?P<word>.+)": "stands behind “{word}”",
    r"(?:offset=-?\d\+)?next=\$": "ends the sentence",
    r"(?:offset=-?\d\+)?next=(?P<word>.+)": "“{word}” follows",
    r"(?:offset=-?\d\+)?modifier": "named only inside another word",
    r"(?:offset=-?\d\+)?(?P<name>before|after) the amount": "named {name} the amount",
    r"people here=1": "the only person in the sentence",
    r"people here=\d": "people in the sentence",
    r"(?:\w+\+)?away": "not named near the sentence",
    r"described": "a description stands for it",
    r"we\+type=(?P<name>\w+)": "“we” is said, and this is a {name}",
}


@cache
def _rules() -> dict[str, tuple[tuple[re.Pattern[str], str], ...]]:
    """The patterns of each field; those of "any" come after a field's own."""
    tables = {
        "any": _ANY,
        "kind": _KIND,
        "object": _OBJECT,
        "subject": _SUBJECT,
        "due": _DUE,
        "status": _STATUS,
        "speaker": _SPEAKER,
    }
    return {
        field: tuple((re.compile(pattern), say) for pattern, say in table.items())
        for field, table in tables.items()
    }
