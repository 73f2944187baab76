"""The Census Bureau's country codes become those of ISO 3166, once, at the door.

Which code is which country is read from lists that the user points at; here stands only what ISO calls a country of that name.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tariffs.errors import Problem, RecordError
from tariffs.reading.scalars import shown
from tariffs.reading.tree import read_text

if TYPE_CHECKING:
    from collections.abc import Mapping

CODES = "census_codes.csv"
PARTNERS = "country_partner_mapping.csv"
# Blocks have codes of their own, which stand in no list of countries.
BLOCKS = {"0003": "EU"}

# Names in the Census Bureau's spelling. Kosovo has no code of ISO 3166: XK is the one that users assign. Gaza and the West Bank
# share PS.
_NAMES = """
AD Andorra; AE United Arab Emirates; AF Afghanistan; AG Antigua and Barbuda; AI Anguilla; AL Albania; AM Armenia; AO Angola;
AR Argentina; AS American Samoa; AT Austria; AU Australia; AW Aruba; AZ Azerbaijan; BA Bosnia and Herzegovina; BB Barbados;
BD Bangladesh; BE Belgium; BF Burkina Faso; BG Bulgaria; BH Bahrain; BI Burundi; BJ Benin; BM Bermuda; BN Brunei; BO Bolivia;
BR Brazil; BS Bahamas; BT Bhutan; BW Botswana; BY Belarus; BZ Belize; CA Canada; CC Cocos;
CD Congo, Democratic Republic of the Congo; CF Central African Republic; CG Congo, Republic of the Congo; CH Switzerland;
CI Cote d'Ivoire; CK Cook Islands; CL Chile; CM Cameroon; CN China; CO Colombia; CR Costa Rica; CU Cuba; CV Cabo Verde;
CW Curacao; CX Christmas Island; CY Cyprus; CZ Czech Republic; DE Germany; DJ Djibouti; DK Denmark, except Greenland;
DM Dominica; DO Dominican Republic; DZ Algeria; EC Ecuador; EE Estonia; EG Egypt; ER Eritrea; ES Spain; ET Ethiopia;
FI Finland; FJ Fiji; FK Falkland Islands; FM Micronesia, Federated States of; FO Faroe Islands; FR France; GA Gabon;
GB United Kingdom; GD Grenada; GE Georgia; GF French Guiana; GH Ghana; GI Gibraltar; GL Greenland; GM Gambia; GN Guinea;
GP Guadeloupe; GQ Equatorial Guinea; GR Greece; GT Guatemala; GU Guam; GW Guinea-Bissau; GY Guyana; HK Hong Kong;
HM Heard Island and McDonald Islands; HN Honduras; HR Croatia; HT Haiti; HU Hungary; ID Indonesia; IE Ireland; IL Israel;
IN India; IO British Indian Ocean Territory; IQ Iraq; IR Iran; IS Iceland; IT Italy; JM Jamaica; JO Jordan; JP Japan;
KE Kenya; KG Kyrgyzstan; KH Cambodia; KI Kiribati; KM Comoros; KN Saint Kitts and Nevis; KP North Korea; KR South Korea;
KW Kuwait; KY Cayman Islands; KZ Kazakhstan; LA Laos; LB Lebanon; LC Saint Lucia; LI Liechtenstein; LK Sri Lanka; LR Liberia;
LS Lesotho; LT Lithuania; LU Luxembourg; LV Latvia; LY Libya; MA Morocco; MC Monaco; MD Moldova; ME Montenegro; MG Madagascar;
MH Marshall Islands; MK North Macedonia; ML Mali; MM Burma; MN Mongolia; MO Macao; MP Northern Mariana Islands; MQ Martinique;
MR Mauritania; MS Montserrat; MT Malta; MU Mauritius; MV Maldives; MW Malawi; MX Mexico; MY Malaysia; MZ Mozambique;
NA Namibia; NC New Caledonia; NE Niger; NF Norfolk Island; NG Nigeria; NI Nicaragua; NL Netherlands; NO Norway; NP Nepal;
NR Nauru; NU Niue; NZ New Zealand; OM Oman; PA Panama; PE Peru; PF French Polynesia; PG Papua New Guinea; PH Philippines;
PK Pakistan; PL Poland; PM Saint Pierre and Miquelon; PN Pitcairn Islands; PR Puerto Rico;
PS Gaza Strip administered by Israel; PS West Bank administered by Israel; PT Portugal; PW Palau; PY Paraguay; QA Qatar;
RE Reunion; RO Romania; RS Serbia; RU Russia; RW Rwanda; SA Saudi Arabia; SB Solomon Islands; SC Seychelles; SD Sudan;
SE Sweden; SG Singapore; SH Saint Helena; SI Slovenia; SJ Svalbard and Jan Mayen; SK Slovakia; SL Sierra Leone; SM San Marino;
SN Senegal; SO Somalia; SR Suriname; SS South Sudan; ST Sao Tome and Principe; SV El Salvador; SX Sint Maarten; SY Syria;
SZ Eswatini; TC Turks and Caicos Islands; TD Chad; TF French Southern and Antarctic Lands; TG Togo; TH Thailand;
TJ Tajikistan; TK Tokelau; TL Timor-Leste; TM Turkmenistan; TN Tunisia; TO Tonga; TR Turkey; TT Trinidad and Tobago;
TV Tuvalu; TW Taiwan; TZ Tanzania; UA Ukraine; UG Uganda; UM United States Minor Outlying Islands;
US United States of America; UY Uruguay; UZ Uzbekistan; VA Holy See; VC Saint Vincent and the Grenadines; VE Venezuela;
VG British Virgin Islands; VI Virgin Islands of the United States; VN Vietnam; VU Vanuatu; WF Wallis and Futuna; WS Samoa;
XK Kosovo; YE Yemen; YT Mayotte; ZA South Africa; ZM Zambia; ZW Zimbabwe
"""
ISO = {name.lower(): code for code, name in (entry.strip().split(" ", 1) for entry in _NAMES.split(";"))}


@dataclass(frozen=True, slots=True)
class Countries:
    """The codes that trade comes with, and what they are.

    Attributes
    ----------
    iso : mapping of str to str
        From a code of the Census Bureau, such as "5700", to one of ISO 3166, such as "CN"; blocks included, as "EU".
    members : mapping of str to frozenset of str
        The Census codes of a block's members, by the block's ISO code; a block whose members no list names is left out.
    """

    iso: Mapping[str, str]
    members: Mapping[str, frozenset[str]]


def read_countries(folder: str | Path) -> Countries:
    """Read the lists of country codes in a folder.

    Parameters
    ----------
    folder : str or Path
        With ``census_codes.csv`` (Code, Name), and, where trade has blocks, ``country_partner_mapping.csv`` (cty_code, partner).

    Raises
    ------
    RecordError
        Where a list is missing or has other columns; where a code stands twice or a name is that of no country.
    """
    problems: list[Problem] = []
    iso = dict(BLOCKS)
    for line, (code, name) in _rows(Path(folder) / CODES, ("Code", "Name")):
        country = ISO.get(re.sub(r"\s*\(.*", "", name).strip().lower())
        if re.fullmatch(r"[0-9]{4}", code) is None:
            problems.append(Problem(CODES, line, "Code", f"found {shown(code)}, expected four digits"))
        elif code in iso:
            problems.append(Problem(CODES, line, "Code", f"{code} stands twice"))
        elif country is None:
            problems.append(Problem(CODES, line, "Name", f"{shown(name)} is no name of a country of ISO 3166 that is known here"))
        else:
            iso[code] = country
    if problems:
        raise RecordError(problems)
    path = Path(folder) / PARTNERS
    members: dict[str, set[str]] = {}
    if path.exists():
        for _, (code, partner) in _rows(path, ("cty_code", "partner")):
            if partner.upper() in BLOCKS.values():
                members.setdefault(partner.upper(), set()).add(code)
    return Countries(iso, {block: frozenset(codes) for block, codes in members.items()})


def _rows(path: Path, columns: tuple[str, str]) -> list[tuple[int, tuple[str, str]]]:
    rows = csv.reader(io.StringIO(read_text(path, path.name), newline=""), strict=True)
    found = []
    try:
        header = next(rows)
        if missing := [name for name in columns if name not in header]:
            raise RecordError([Problem(path.name, 1, name, "is missing from the header") for name in missing])
        first, second = (header.index(name) for name in columns)
        for cells in rows:
            if len(cells) != len(header):
                message = f"found {len(cells)} cells, expected {len(header)} as in the header"
                raise RecordError([Problem(path.name, rows.line_num, "", message)])
            found.append((rows.line_num, (cells[first].strip(), cells[second].strip())))
    except csv.Error as error:
        raise RecordError([Problem(path.name, rows.line_num, "", f"not CSV: {error}")]) from error
    return found
