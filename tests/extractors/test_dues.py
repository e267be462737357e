"""Time expressions: one row a test, the phrase marked in the sentence, the due as "start..end".

All rows are read as of Wednesday, May 14, 2025. An open end is empty; "-" means no due.
"""

from __future__ import annotations

import re
from datetime import date

import pytest

from extractors.dues import DueMention, Form, find_dues

PUBLISHED = date(2025, 5, 14)
YEAR, NEXT, LAST = "2025-01-01..2025-12-31", "2026-01-01..2026-12-31", "2024-01-01..2024-12-31"

GERMAN = [
    # the table of the guidelines
    ("Der Bau soll [bis Ende 2026] stehen.", "..2026-12-31"),
    ("Der Bau soll [bis 2027] stehen.", "..2027-12-31"),
    ("Der Bau soll [bis Jahresende] stehen.", "..2025-12-31"),
    ("Der Bau soll [bis Ende des Jahres] stehen.", "..2025-12-31"),
    ("Der Bau soll [bis zum Jahresende] stehen.", "..2025-12-31"),
    ("Der Bau soll [bis zum Ende des nächsten Jahres] stehen.", "..2026-12-31"),
    ("Der Bau soll [noch in diesem Jahr] stehen.", YEAR),
    ("[Dieses Jahr] soll der Bau stehen.", YEAR),
    ("Man will [im laufenden Jahr] bauen.", YEAR),
    ("Man will [heuer] bauen.", YEAR),
    ("Für [das Gesamtjahr] rechnet man mit mehr.", YEAR),
    ("Man will [2026] bauen.", NEXT),
    ("Man will [im Jahr 2026] bauen.", NEXT),
    ("Man will [nächstes Jahr] bauen.", NEXT),
    ("Man will [im kommenden Jahr] bauen.", NEXT),
    ("[Im vergangenen Jahr] hat man gebaut.", LAST),
    ("[Voriges Jahr] hat man gebaut.", LAST),
    ("[Im Vorjahr] waren es weniger.", LAST),
    ("Es kommt [im kommenden Frühjahr].", "2026-03-01..2026-05-31"),
    ("Es kommt [im Frühjahr 2026].", "2026-03-01..2026-05-31"),
    ("Es kommt [im Sommer].", "2025-06-01..2025-08-31"),
    ("Es kommt [im Herbst 2026].", "2026-09-01..2026-11-30"),
    ("Es kommt [im Winter 2025].", "2025-12-01..2026-02-28"),
    ("Es kommt [bis zum Sommer].", "..2025-08-31"),
    ("Es soll [bis Mitte 2025] laufen.", "..2025-06-30"),
    ("Es soll [Mitte 2026] laufen.", "2026-05-01..2026-08-31"),
    ("Es soll [Anfang 2026] laufen.", "2026-01-01..2026-03-31"),
    ("Es soll [Ende 2026] laufen.", "2026-10-01..2026-12-31"),
    ("Es soll [gegen Ende 2026] laufen.", "2026-10-01..2026-12-31"),
    ("Es soll [Ende des Jahres] laufen.", "2025-10-01..2025-12-31"),
    ("Es soll [zum Jahresende] laufen.", "2025-10-01..2025-12-31"),
    ("[Anfang des Jahres] waren es weniger.", "2025-01-01..2025-03-31"),
    ("[Mitte vergangenen Jahres] waren es weniger.", "2024-05-01..2024-08-31"),
    ("Es kommt [im März 2026].", "2026-03-01..2026-03-31"),
    ("Es kommt [bis März 2026].", "..2026-03-31"),
    ("Es kommt [bis Ende März].", "..2026-03-31"),
    ("Es kommt [bis Mitte März 2026].", "..2026-03-15"),
    ("Es kommt [Ende März 2027].", "2027-03-01..2027-03-31"),
    ("Es kommt [im dritten Quartal].", "2025-07-01..2025-09-30"),
    ("Es kommt [im ersten Quartal 2026].", "2026-01-01..2026-03-31"),
    ("Es kommt [im dritten Quartal des kommenden Jahres].", "2026-07-01..2026-09-30"),
    ("[Im ersten Quartal] hat man gebaut.", "2025-01-01..2025-03-31"),
    ("Man will [im laufenden Quartal] liefern.", "2025-04-01..2025-06-30"),
    ("Man will [im laufenden Jahresviertel] liefern.", "2025-04-01..2025-06-30"),
    ("[Im abgelaufenen Quartal] waren es weniger.", "2025-01-01..2025-03-31"),
    ("[Im Vorquartal] waren es weniger.", "2025-01-01..2025-03-31"),
    ("Man will [im Schlussquartal] liefern.", "2025-10-01..2025-12-31"),
    ("[Im Weihnachtsquartal] wurden mehr verkauft.", "2024-10-01..2024-12-31"),
    ("Es kommt [in Q3 2025].", "2025-07-01..2025-09-30"),
    ("Es kommt [in Q3/2025].", "2025-07-01..2025-09-30"),
    ("Es kommt [im ersten Halbjahr 2026].", "2026-01-01..2026-06-30"),
    ("Es kommt [in der zweiten Jahreshälfte].", "2025-07-01..2025-12-31"),
    ("Es kommt [im zweiten Halbjahr].", "2025-07-01..2025-12-31"),
    ("[Im zweiten und dritten Quartal 2024] kamen mehr.", "2024-04-01..2024-09-30"),
    ("Man will es [ab 2026] liefern.", "2026-01-01.."),
    ("Man will es [von 2028 an] liefern.", "2028-01-01.."),
    ("Man will es [ab dem vierten Quartal 2025] liefern.", "2025-10-01.."),
    ("Man will es [ab Juli] liefern.", "2025-07-01.."),
    ("Man will es [von Ende 2026 an] liefern.", "2026-10-01.."),
    ("Es kommt [frühestens 2027].", "2027-01-01.."),
    ("Es kommt [nicht vor 2027].", "2027-01-01.."),
    ("Es kommt [kaum vor 2027].", "2027-01-01.."),
    ("Es wird [vor 2027] nicht erwartet.", "2027-01-01.."),
    ("Es kommt nicht mehr [vor 2027].", "2027-01-01.."),
    ("Es kommt [noch vor 2027].", "..2026-12-31"),
    ("Man weiß nicht, ob es [vor 2027] kommt.", "..2026-12-31"),
    ("Man will [in den nächsten drei bis fünf Jahren] bauen.", "2025-05-14..2030-05-14"),
    ("Man will [in einem Zeitraum von fünf Jahren] bauen.", "2025-05-14..2030-05-14"),
    ("Es öffnet [in rund 18 Monaten].", "..2026-11-14"),
    ("Es öffnet [am kommenden Freitag].", "2025-05-16..2025-05-16"),
    ("Man will [in den kommenden vier Jahren] bauen.", "2025-05-14..2029-05-14"),
    ("Man will [binnen zwei Jahren] bauen.", "2025-05-14..2027-05-14"),
    ("Man will [innerhalb von 18 Monaten] bauen.", "2025-05-14..2026-11-14"),
    ("Man will [in fünf Jahren] so weit sein.", "..2030-05-14"),
    ("Man will es [fünf Jahre ab 2027] tun.", "2027-01-01..2031-12-31"),
    ("Es soll [spätestens Ende Juni] stehen.", "..2025-06-30"),
    ("Es soll [noch vor Ende des Jahres] stehen.", "..2025-12-31"),
    ("Es soll [noch vor Jahresende] stehen.", "..2025-12-31"),
    ("Es soll [vor 2028] stehen.", "..2027-12-31"),
    ("Geliefert wird [zwischen 2028 und 2033].", "2028-01-01..2033-12-31"),
    ("Geliefert wird [2026 bis 2028].", "2026-01-01..2028-12-31"),
    ("Geliefert wird [2026-2028].", "2026-01-01..2028-12-31"),
    ("Geliefert wird [von Juli bis September 2026].", "2026-07-01..2026-09-30"),
    ("[Zwischen Januar und März] wurden mehr verkauft.", "2025-01-01..2025-03-31"),
    ("Es soll [bis Ende des Jahrzehnts] stehen.", "..2029-12-31"),
    ("Es soll [bis zum Ende des Jahrzehnts] stehen.", "..2029-12-31"),
    # which one is meant: the nearest verbs tell
    ("Nimbrix erlöste [im ersten Halbjahr] 48 und könnte 9 kaufen.", "2025-01-01..2025-06-30"),
    ("Nimbrix will „Zeus“ [im vierten Quartal] einschalten.", "2025-10-01..2025-12-31"),
    ("Es komme 2027, sagte der Chef [im Dezember].", "2024-12-01..2024-12-31"),
    ("Die [für September] geplante Lieferung ist geplatzt.", "2025-09-01..2025-09-30"),
    ("Neuer Termin ist [das erste Quartal].", "2026-01-01..2026-03-31"),
    ("Der Bau sollte [im April] beginnen.", "2025-04-01..2025-04-30"),
    ("Der Bau sollte [im Juli] beginnen.", "2025-07-01..2025-07-31"),
    ("Nimbrix überwies dem Erfinder [im August] Geld.", "2024-08-01..2024-08-31"),
    # ends of the last period, told early in the next
    ("[Ende April] hatte man 5.", "2025-04-30..2025-04-30"),
    ("Nimbrix will von [2027 an über fünf Jahre] mieten.", "2027-01-01..2031-12-31"),
    ("[Heuer und im kommenden Jahr] fallen Stellen weg.", "2025-01-01..2026-12-31"),
    ("Man muss [bis Juli] warten.", "2025-07-01..2025-07-31"),
    ("[Von Juli an] verkauft man es.", "2025-07-01.."),
    ("Das Gerücht [vom Juli]-Start ist erledigt.", "2025-07-01..2025-07-31"),
    ("Das Werk geht dem Vernehmen nach [2026] in Betrieb.", NEXT),
    ("Der Zeus 4 kommt [im November dieses Jahres].", "2025-11-01..2025-11-30"),
    ("[Beim Stand vom 26. April] waren es 5.", "2025-04-26..2025-04-26"),
    ("Im ersten Quartal waren es 5. [Für das zweite] stellt man 6 in Aussicht.", "2025-04-01..2025-06-30"),
    ("[Im zweiten Quartal des Geschäftsjahres, das Ende Februar endete], lief es.", "2024-12-01..2025-02-28"),
    ("[Im Quartal bis Ende März] flossen 5.", "2025-01-01..2025-03-31"),
    ("Es kommt 2027. Man will [im selben Jahr] 5 bauen.", "2027-01-01..2027-12-31"),
    ("[Am Jahresziel] rüttelt man nicht.", YEAR),
    # single days
    ("Es kommt [am 24. Oktober] heraus.", "2025-10-24..2025-10-24"),
    ("Es kommt [am 24. Oktober 2026] heraus.", "2026-10-24..2026-10-24"),
    ("Es kommt [am 24.10.2025] heraus.", "2025-10-24..2025-10-24"),
    ("Es kommt [am 24.10.] heraus.", "2025-10-24..2025-10-24"),
    ("Es kommt [am siebten vierten].", "2026-04-07..2026-04-07"),
    ("Es läuft nächsten Monat [vom 4. bis zum 23.] in Berlin.", "2025-06-04..2025-06-23"),
    ("Es kommt [am fünften Juni].", "2025-06-05..2025-06-05"),
    ("Es kommt [am 5. des nächsten Monats].", "2025-06-05..2025-06-05"),
    ("Es kommt [bis Weihnachten].", "..2025-12-25"),
    ("Es kommt [bis Silvester 2026].", "..2026-12-31"),
    ("Es kommt [nächsten Freitag].", "2025-05-23..2025-05-23"),
    ("Es wurde [am Montag] eröffnet.", "2025-05-12..2025-05-12"),
    ("Es wurde [am Montag, den 5. Mai 2025] eröffnet.", "2025-05-05..2025-05-05"),
    ("Es wurde [gestern] eröffnet.", "2025-05-13..2025-05-13"),
    ("Es wird [morgen] eröffnet.", "2025-05-15..2025-05-15"),
    ("Es kam [vergangene Woche].", "2025-05-05..2025-05-11"),
    ("[Im Vormonat] waren es weniger.", "2025-04-01..2025-04-30"),
    ("[Zum 31. März] waren es weniger.", "2025-03-31..2025-03-31"),
    ("[Per Ende März] waren es weniger.", "2025-03-31..2025-03-31"),
    ("[Im Dezember] waren es noch 300.", "2024-12-01..2024-12-31"),
    ("[Vor zwei Jahren] war es weniger.", "2023-01-01..2023-12-31"),
    # fiscal periods
    ("Für [das Geschäftsjahr 2026] rechnet man mit mehr.", NEXT),
    ("[Im Geschäftsjahr, das im Juni 2026 endet], rechnet man mit mehr.", "2025-07-01..2026-06-30"),
    ("[Im Ende März abgelaufenen Quartal] waren es weniger.", "2025-01-01..2025-03-31"),
    ("[Das am 31. Januar endende Quartal] war gut.", "2024-11-01..2025-01-31"),
    ("[In den drei Monaten bis Ende April] waren es weniger.", "2025-02-01..2025-04-30"),
    ("[In den zwölf Monaten bis Ende März] waren es weniger.", "2024-04-01..2025-03-31"),
    ("[Im vierten Geschäftsquartal (August bis Oktober)] wurden mehr verkauft.", "2024-08-01..2024-10-31"),
    # from an earlier mention
    ("Es kam 2028, das volle Maß [zwei Jahre später].", "2030-01-01..2030-12-31"),
    ("Es waren 5 im ersten Quartal, [ein Jahr zuvor] nur 3.", "2024-01-01..2024-03-31"),
    ("Ende 2026 läuft es. Für [das Jahr darauf] ist mehr geplant.", "2027-01-01..2027-12-31"),
    ("Der Anschluss kommt 2032. [Bis dahin] will man bauen.", "..2032-12-31"),
    ("In diesem Jahr will man 5 bauen, [im kommenden] dann 50.", NEXT),
    # no due
    ("Es ist [derzeit] klein.", "-"),
    ("Es ist [bereits] da.", "-"),
    ("Es kommt [in den kommenden Monaten].", "-"),
    ("Es kommt [bald].", "-"),
    # fiscal years and quarters by their end or beginning
    ("[Im Geschäftsjahr 2025/26 (bis 31. März)] soll es mehr sein.", "2025-04-01..2026-03-31"),
    ("[Im abgelaufenen Jahr (bis Ende September)] waren es 70.", "2023-10-01..2024-09-30"),
    ("[Im abgelaufenen Geschäftsjahr, es endete am 31. März], waren es 70.", "2024-04-01..2025-03-31"),
    ("[Im Geschäftsjahr, das am 1. April begonnen hat], sollen es 90 sein.", "2025-04-01..2026-03-31"),
    ("[Für das laufende Quartal bis Ende Juni] hat er 30 veranschlagt.", "2025-04-01..2025-06-30"),
    ("[Im Geschäftsjahr 2027/28 (bis 31. März)] soll es mehr sein.", "2027-04-01..2028-03-31"),
    ("[Im vergangenen Geschäftsjahr, das am 1. April begann], waren es 70.", "2024-04-01..2025-03-31"),
    ("[Vom zweiten Quartal bis Oktober] sollen 30 entstehen.", "2025-04-01..2025-10-31"),
    # half said
    ("Im ersten Halbjahr 2025 waren es 30, [im zweiten] sollen es 50 sein.", "2025-07-01..2025-12-31"),
    ("Im ersten Quartal 2025 waren es 30, [im zweiten] sollen es 50 sein.", "2025-04-01..2025-06-30"),
    ("Im vergangenen Jahr waren es 30, [in diesem] werden es 50 sein.", YEAR),
]

ENGLISH = [
    ("It will open [by the end of 2026].", "..2026-12-31"),
    ("It will open [by 2027].", "..2027-12-31"),
    ("It will open [by 2030 at the latest].", "..2030-12-31"),
    ("It will open [by the end of the year].", "..2025-12-31"),
    ("It will open [by year-end].", "..2025-12-31"),
    ("It will open [by the end of this year].", "..2025-12-31"),
    ("It will open [by the end of next year].", "..2026-12-31"),
    ("It will open [before the end of the year].", "..2025-12-31"),
    ("It will open [before 2028].", "..2027-12-31"),
    ("It will open [until 2027].", "..2027-12-31"),
    ("It will spend it [through 2028].", "..2028-12-31"),
    ("It will open [in 2026].", NEXT),
    ("It will open [next year].", NEXT),
    ("It will open [this year].", YEAR),
    ("It opened [last year].", LAST),
    ("It will be [in calendar 2026].", NEXT),
    ("It will open [in Q3 2025].", "2025-07-01..2025-09-30"),
    ("It will open [in Q3].", "2025-07-01..2025-09-30"),
    ("It guides to 3 [in 3Q25].", "2025-07-01..2025-09-30"),
    ("It will open [in H2 2025].", "2025-07-01..2025-12-31"),
    ("It guides to 3 [for FY2026].", NEXT),
    ("It guides to 3 [for fiscal 2026].", NEXT),
    ("It will open [in the third quarter].", "2025-07-01..2025-09-30"),
    ("It opened [in the first quarter].", "2025-01-01..2025-03-31"),
    ("It opened [in the fourth quarter].", "2024-10-01..2024-12-31"),
    ("It will open [in the first half of next year].", "2026-01-01..2026-06-30"),
    ("It will open [in the second half of 2025].", "2025-07-01..2025-12-31"),
    ("It will open [in March 2026].", "2026-03-01..2026-03-31"),
    ("It will open [in March].", "2026-03-01..2026-03-31"),
    ("It opened [in March].", "2025-03-01..2025-03-31"),
    ("It will open [by March 2026].", "..2026-03-31"),
    ("It will open [by the end of March].", "..2026-03-31"),
    ("It will open [in early 2026].", "2026-01-01..2026-03-31"),
    ("It will open [in mid-2026].", "2026-05-01..2026-08-31"),
    ("It will open [by mid-2026].", "..2026-06-30"),
    ("It will open [by the middle of 2026].", "..2026-06-30"),
    ("It will rent them [from the middle of next year].", "2026-05-01.."),
    ("It will open [in late 2026].", "2026-10-01..2026-12-31"),
    ("It will open [at the end of 2026].", "2026-10-01..2026-12-31"),
    ("It had 3 [at the end of last year].", "2024-10-01..2024-12-31"),
    ("It will open [in spring 2026].", "2026-03-01..2026-05-31"),
    ("It will open [next spring].", "2026-03-01..2026-05-31"),
    ("It will open [by summer].", "..2025-08-31"),
    ("It will open [in the summer of 2026].", "2026-06-01..2026-08-31"),
    ("It will open [in winter 2025].", "2025-12-01..2026-02-28"),
    ("It sold more [in the holiday quarter].", "2024-10-01..2024-12-31"),
    ("It will be sold [from 2026].", "2026-01-01.."),
    ("It will be sold [starting in 2026].", "2026-01-01.."),
    ("It will be sold [from early 2026].", "2026-01-01.."),
    ("It will be sold [from September].", "2025-09-01.."),
    ("It will come [not before 2027].", "2027-01-01.."),
    ("It will not come [before 2027].", "2027-01-01.."),
    ("It won't come [until 2027].", "2027-01-01.."),
    ("It is unlikely to come [before mid-2027].", "2027-05-01.."),
    ("It will come [before 2027].", "..2026-12-31"),
    ("It will not be late and come [before 2027].", "..2026-12-31"),
    ("Nobody says whether it will come [before 2027].", "..2026-12-31"),
    ("It will come, but no more than 480 [before 2027].", "..2026-12-31"),
    ("It will not be done [by 2027].", "..2027-12-31"),
    ("It will come [within 18 months].", "2025-05-14..2026-11-14"),
    ("It will come [in the next four years].", "2025-05-14..2029-05-14"),
    ("It will spend it [over the next five years].", "2025-05-14..2030-05-14"),
    ("It will spend it [over ten years].", "2025-05-14..2035-05-14"),
    ("It will come [in five years].", "..2030-05-14"),
    ("It will run [over four years from 2027].", "2027-01-01..2030-12-31"),
    ("It will run [for two years from January 2026].", "2026-01-01..2027-12-31"),
    ("It will spend it [from 2025 through 2028].", "2025-01-01..2028-12-31"),
    ("It will spend it [through 2028 from 2025 on].", "2025-01-01..2028-12-31"),
    ("It will spend it [until 2027, starting now].", "2025-05-14..2027-12-31"),
    ("It will spend it [from 2026 to 2031].", "2026-01-01..2031-12-31"),
    ("It sold 3 [between January and March].", "2025-01-01..2025-03-31"),
    ("It will sell 3 [in June and July].", "2025-06-01..2025-07-31"),
    ("It will sell 3 [in 2026 and 2027].", "2026-01-01..2027-12-31"),
    ("It will open [late this year or early next].", "2025-10-01..2026-03-31"),
    ("It will open [by the end of the decade].", "..2029-12-31"),
    ("It will open [on 24-Oct-2026] at last.", "2026-10-24..2026-10-24"),
    ("It will open [on 2026/Oct/24] at last.", "2026-10-24..2026-10-24"),
    ("It will open [on Oct-24-2026].", "2026-10-24..2026-10-24"),
    ("It will open [on October, 1st].", "2025-10-01..2025-10-01"),
    ("It will open [on Feb 29] at last.", "2028-02-29..2028-02-29"),
    ("It will be shown [from next Thursday to Saturday].", "2025-05-22..2025-05-24"),
    ("It will be out [2026 - 11] at last.", "2026-11-01..2026-11-30"),
    ("It was out on [August 2, 2024]: at 06:12.", "2024-08-02..2024-08-02"),
    ("It will open [on 28 June in 2026].", "2026-06-28..2026-06-28"),
    ("It will open [on the fourth of July].", "2025-07-04..2025-07-04"),
    ("It will open [on the 20th of next month].", "2025-06-20..2025-06-20"),
    ("It will be shown [from June 9 to 17].", "2025-06-09..2025-06-17"),
    ("It will be shown [from June 27th to the third].", "2025-06-27..2025-07-03"),
    ("It will be shown [from the ninth to the 17th of June].", "2025-06-09..2025-06-17"),
    ("It was shown [between Jan 2025 and today].", "2025-01-01..2025-05-14"),
    ("It will open [by Christmas].", "..2025-12-25"),
    ("It will open [this Friday].", "2025-05-16..2025-05-16"),
    ("It opened [last Friday].", "2025-05-09..2025-05-09"),
    ("It will spend that [over the next 12 to 18 months].", "2025-05-14..2026-11-14"),
    ("It will spend that [over the course of five years].", "2025-05-14..2030-05-14"),
    ("It will open [in about two years].", "..2027-05-14"),
    ("It will open [in the back half of 2027].", "2027-07-01..2027-12-31"),
    ("It will open [by the close of 2027].", "..2027-12-31"),
    ("It will open [this coming Friday].", "2025-05-16..2025-05-16"),
    ("It will open [in the two coming years].", "2025-05-14..2027-05-14"),
    ("It will open [in 2026 June].", "2026-06-01..2026-06-30"),
    ("It costs $24 a month [from June 1].", "2025-06-01.."),
    ("It makes 2,000 a year [from 2026].", "2026-01-01.."),
    ("It will hire 3 [before the year is out].", "..2025-12-31"),
    ("It will ship 3 [before the quarter is over].", "..2025-06-30"),
    ("It is online [in '26].", NEXT),
    ("It will buy 3 [over five years, starting in 2027].", "2027-01-01..2031-12-31"),
    ("The contract [runs until 2031].", "..2031-12-31"),
    ("It made 3 in the first quarter. [For the current one], it guides to 3.", "2025-04-01..2025-06-30"),
    ("It took in 3 [in the quarter to March 31].", "2025-01-01..2025-03-31"),
    ("It made 3 [in the three months to July 30].", "2024-05-01..2024-07-30"),
    ("It guides to 3 [for the year to December].", YEAR),
    ("It keeps its guidance [for the year].", YEAR),
    ("It had 3 customers [at the end of April].", "2025-04-30..2025-04-30"),
    ("It sold 3 in 2024 and made 5 [in the same period].", LAST),
    ("It sold 3 in 2024, after 2 [in the same period a year earlier].", "2023-01-01..2023-12-31"),
    ("It could fall to $2.60 [by year's end].", "..2025-12-31"),
    ("It had 3 [on September 30] and aims for 5.", "2024-09-30..2024-09-30"),
    ("It sold 3, and it'll add 5 [in summer].", "2025-06-01..2025-08-31"),
    ("It has ordered 3 for delivery [in the fourth quarter].", "2025-10-01..2025-12-31"),
    ("It will open next year, the company said [on Monday].", "2025-05-12..2025-05-12"),
    ("It had meant to open one [in April].", "2025-04-01..2025-04-30"),
    ("It was supposed to open one [in July].", "2025-07-01..2025-07-31"),
    ("It will open [on October 24].", "2025-10-24..2025-10-24"),
    ("It will open [on October 24, 2026].", "2026-10-24..2026-10-24"),
    ("It will open [on 24 October 2026].", "2026-10-24..2026-10-24"),
    ("It will open [on Oct. 24] at last.", "2025-10-24..2025-10-24"),
    ("It will open [on 2025-10-24] at last.", "2025-10-24..2025-10-24"),
    ("It said so [on Tuesday].", "2025-05-13..2025-05-13"),
    ("It asks more [from Monday].", "2025-05-19.."),
    ("It said so [yesterday].", "2025-05-13..2025-05-13"),
    ("It will open [tomorrow].", "2025-05-15..2025-05-15"),
    ("It sold 3 [last week].", "2025-05-05..2025-05-11"),
    ("It sold 3 [last month].", "2025-04-01..2025-04-30"),
    ("It sold 3 [last October].", "2024-10-01..2024-10-31"),
    ("It had 3 [as of March 31].", "2025-03-31..2025-03-31"),
    ("It had 3 [on March 31].", "2025-03-31..2025-03-31"),
    ("It made 3 [in the quarter ended April 27].", "2025-01-28..2025-04-27"),
    ("It made 3 [in the three months that ended on March 31].", "2025-01-01..2025-03-31"),
    ("It made 3 [in the second quarter, which ended on April 30].", "2025-02-01..2025-04-30"),
    ("It made 3 [in the fiscal year to March 31].", "2024-04-01..2025-03-31"),
    ("It expects 3 [for the fiscal year that ends in January].", "2025-02-01..2026-01-31"),
    ("It expects 3 [for fiscal 2025, which runs until the end of next June].", "2024-07-01..2025-06-30"),
    ("It made 3 [in the December quarter].", "2024-10-01..2024-12-31"),
    ("It will make 3 [in the first six months of this year].", "2025-01-01..2025-06-30"),
    ("It made 3 [in the final three months of 2024].", "2024-10-01..2024-12-31"),
    ("It made 3 [in the quarter].", "2025-01-01..2025-03-31"),
    ("It starts with 3 in 2028 and reaches 9 [two years later].", "2030-01-01..2030-12-31"),
    ("It made 3 in the first quarter, up from 2 [a year earlier].", "2024-01-01..2024-03-31"),
    ("It will come in 2027 and grow [the following year].", "2028-01-01..2028-12-31"),
    ("It made 3 in the second quarter of 2024 and 5 [in the third].", "2024-07-01..2024-09-30"),
    ("It was 3 [two years ago].", "2023-01-01..2023-12-31"),
    ("It made 3 in the first half of 2025, after 2 [in the same period of 2024].", "2024-01-01..2024-06-30"),
    ("It made 3 [in the first three months].", "2025-01-01..2025-03-31"),
    ("It will be done [three years from now].", "..2028-05-14"),
    ("It made 3 [in the 2024 fiscal year].", LAST),
    ("It will be there [until at least 2030].", "..2030-12-31"),
    ("It has [currently] 3.", "-"),
    ("It will come [in the coming months].", "-"),
    ("It will come [soon].", "-"),
    # fiscal years and quarters by their end or beginning
    ("[For the quarter ending in June] it sees more.", "2025-04-01..2025-06-30"),
    ("It sold 30 [in the quarter to March].", "2025-01-01..2025-03-31"),
    ("It wants 30 [in the fiscal year that began on May 1].", "2025-05-01..2026-04-30"),
    ("It wants 30 [in the fiscal year that begins in October].", "2025-10-01..2026-09-30"),
    ("It wants 30 [in FY26, which ends in March].", "2025-04-01..2026-03-31"),
    ("[For fiscal 2026 as a whole, which ends in January], it sees 30.", "2025-02-01..2026-01-31"),
    ("It had 30 [in the year just ended].", LAST),
    ("It wants 30 [in FY28, which ends in March].", "2027-04-01..2028-03-31"),
    ("It had 30 [in FY23, which ended in March].", "2022-04-01..2023-03-31"),
    ("It had 30 [in the previous fiscal year, which began in April].", "2024-04-01..2025-03-31"),
    ("It wants 30 [in FY27, which begins in April].", "2026-04-01..2027-03-31"),
    ("It will deliver 30 [from the third quarter to March 2027].", "2026-07-01..2027-03-31"),
    ("It will place 30 [between next spring and autumn].", "2026-03-01..2026-11-30"),
    # from now, and from a season that is named as this one
    ("It will place 30 [between now and 2027].", "2025-05-14..2027-12-31"),
    ("It comes [between this autumn and the end of next year].", "2025-09-01..2026-12-31"),
    ("In June it asked for more. It will spend 30 [over three years] on a plant.", "2025-05-14..2028-05-14"),
    # half said
    ("In the first quarter of 2025 it was 30. [For the second] it expects 40.", "2025-04-01..2025-06-30"),
    ("It was 30 in the first half of 2025; it wants 50 [in the second], it said.", "2025-07-01..2025-12-31"),
]

NOTHING = [
    ("de", "Das System läuft mit Windows 2025 und Office 2024."),
    ("de", "Die RTX 2025 kostet 2025 Euro."),
    ("de", "Es sind 2.025 GPUs, Version 2025.1, Norm ISO 2024."),
    ("de", "Telefon 2025 123456, © 2025 Verlag"),
    ("de", "Sie ist 37 Jahre alt."),
    ("en", "It runs on Windows 2025 and Office 2024."),
    ("en", "The RTX 2025 costs 2,025 dollars."),
    ("en", "Copyright 2025 Example. (c) 2025"),
    ("en", "It may fall. We march on."),
    ("en", "At CES 2025 it won a prize."),
    ("en", "It made $2025 million, or 2025 million euros."),
    ("en", "Analysts had said 2.6. It was 3.1. One costs C$3.25."),
    ("de", "Guten Morgen. Am Morgen war es kalt."),
    ("de", "Es schafft nur noch 17. Der erste Buchstabe zählt."),
    ("en", "Call 138-2010."),
    ("en", "It costs $24 a month or $240 a year."),
    ("en", "He said: '26 GPUs are enough.'"),
]


def _cases() -> list[tuple[str, str, str]]:
    return [("de", *row) for row in GERMAN] + [("en", *row) for row in ENGLISH]


def _plain(mention: DueMention) -> str:
    if mention.due is None:
        return "-"
    return f"{mention.due.start or ''}..{mention.due.end or ''}"


@pytest.mark.parametrize(("lang", "marked", "due"), _cases(), ids=str)
def test_phrase(lang: str, marked: str, due: str) -> None:
    found = re.search(r"\[(.*)\]", marked)
    assert found is not None
    text = marked.replace("[", "", 1).replace("]", "", 1)
    mentions = find_dues(text, lang, PUBLISHED)
    assert any(
        mention.text.endswith(found.group(1)) and mention.end == found.end() - 2 and _plain(mention) == due
        for mention in mentions
    ), [(mention.text, _plain(mention), mention.rule) for mention in mentions]
    for mention in mentions:
        assert text[mention.start : mention.end] == mention.text


@pytest.mark.parametrize(("lang", "text"), NOTHING, ids=str)
def test_no_time(lang: str, text: str) -> None:
    assert [mention for mention in find_dues(text, lang, PUBLISHED) if mention.due] == []


# -- the shape of a mention --------------------------------------------------------------------------------


def _one(text: str, lang: str = "en", published: date | None = PUBLISHED) -> DueMention:
    mentions = find_dues(text, lang, published)
    assert len(mentions) == 1, mentions
    return mentions[0]


@pytest.mark.parametrize(
    ("text", "form", "grain"),
    [
        ("It opens by 2027.", Form.BY, "year"),
        ("It opens in March.", Form.IN, "month"),
        ("It opens from 2027.", Form.FROM, "year"),
        ("It is sold since Friday.", Form.SINCE, "day"),
        ("It opens within 18 months.", Form.WITHIN, "span"),
        ("It opens on June 5.", Form.DAY, "day"),
        ("It was less two years ago.", Form.AGO, "year"),
        ("It opens in the third quarter.", Form.IN, "quarter"),
        ("It opens in the second half.", Form.IN, "half"),
        ("It opens in summer.", Form.IN, "season"),
        ("It opens soon.", Form.VAGUE, "day"),
        ("It opened last week.", Form.IN, "week"),
    ],
)
def test_form_and_grain(text: str, form: Form, grain: str) -> None:
    mention = _one(text)
    assert (mention.form, mention.grain) == (form, grain)


@pytest.mark.parametrize(
    ("lang", "word"),
    [("de", "ab sofort"), ("de", "heute"), ("de", "jetzt"), ("en", "today"), ("en", "now")],
)
def test_now_is_the_day_of_publication(lang: str, word: str) -> None:
    mention = _one(f"Nimbrix {word}.", lang)
    assert mention.form is Form.NOW
    assert mention.due is not None
    assert (mention.due.start, mention.due.end) == (PUBLISHED, PUBLISHED)


@pytest.mark.parametrize(
    ("lang", "text", "due"),
    [
        ("en", "At year-end, it had 390 MW.", "2024-10-01..2024-12-31"),
        ("en", "Revenue for the full year was 412.", "2024-01-01..2024-12-31"),
        ("en", "It will have 390 MW at year-end.", "2025-10-01..2025-12-31"),
        ("en", "It put this year's sales at 3.", "2025-01-01..2025-12-31"),
        ("de", "Zum Jahresende waren es 5.", "2024-10-01..2024-12-31"),
        ("de", "Heuer wurden es 5.", "2025-01-01..2025-12-31"),
        ("de", "Zum Jahresende 2024 waren es 5.", "2024-10-01..2024-12-31"),
        ("de", "In den drei Monaten bis zum 26. Januar waren es 5.", "2024-10-27..2025-01-26"),
    ],
)
def test_early_in_a_year_its_end_is_that_of_the_last_where_the_past_is_told(
    lang: str, text: str, due: str
) -> None:
    assert _plain(_one(text, lang, date(2025, 2, 5))) == due


def test_without_a_day_of_publication_only_absolute_times_have_a_due() -> None:
    relative = _one("It will open by the end of next year.", published=None)
    assert relative.due is None
    assert "needs the day of publication" in relative.rule
    absolute = _one("It will open by the end of 2026.", published=None)
    assert absolute.due is not None
    assert absolute.due.end == date(2026, 12, 31)
    assert not absolute.anchor


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("de", "das 2019 gegründete Unternehmen"),
        ("de", "Das 2019 in Jena gegründete Unternehmen wächst."),
        ("en", "The firm, founded in 2019, grows."),
    ],
)
def test_a_founding_year_is_no_due(lang: str, text: str) -> None:
    mention = _one(text, lang)
    assert mention.due is None
    assert mention.form is Form.ORIGIN


def test_past_and_fiscal_are_flagged() -> None:
    assert _one("It made 3 in 2023.").past
    assert not _one("It will make 3 in 2026.").past
    assert not _one("It will make 3 this year.").past
    assert _one("It made 3 in fiscal 2023.").fiscal
    assert not _one("It made 3 in 2023.").fiscal


def test_a_delay_from_one_time_to_another_is_no_range() -> None:
    text = "It has been delayed from the first to the third quarter of next year."
    assert "2026-07-01..2026-09-30" in [_plain(mention) for mention in find_dues(text, "en", PUBLISHED)]


def test_the_current_quarter_follows_a_fiscal_one_named_before() -> None:
    text = "It made 3 in the quarter that ended on April 30. For the current quarter, it expects 5."
    assert _plain(find_dues(text, "en", PUBLISHED)[-1]) == "2025-05-01..2025-07-31"


def test_in_december_the_same_period_is_the_year_that_ends() -> None:
    text = "In 2023 it bought less. Quantow bought 485 in 2024. Lerchenau bought 173 over the same period."
    assert _plain(find_dues(text, "en", date(2024, 12, 18))[-1]) == LAST
