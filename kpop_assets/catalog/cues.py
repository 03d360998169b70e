"""Words beside a name: what says music, K-POP, an official channel, a guest, or a cover.

Here belong word lists and nothing else. How they are weighed is in ``titles``, ``owners`` and
``roles``; the names of acts are the catalogue's.
"""

from __future__ import annotations

import re

from kpop_assets.catalog.names import normalise

# What a title says about K-POP and hardly about anything else.
_KPOP = """
    kpop, k pop, 케이팝, 케이 팝, 직캠, 팬캠, 세로캠, 입덕직캠, 페이스캠, fancam, facecam,
    뮤직뱅크, 뮤뱅, music bank, musicbank, 인기가요, inkigayo, 엠카운트다운, 엠카, m countdown,
    mcountdown, 음악중심, 음중, music core, 더쇼, the show chart, 쇼챔피언, 쇼챔, show champion,
    가요대전, 가요대축제, 가요대제전, 마마 어워즈, mama awards, 골든디스크, melon music,
    불후의 명곡, 유희열의 스케치북, 더 시즌즈, 릴레이댄스, relay dance, studio choom,
    스튜디오 춤, it s live, 잇츠라이브, 킬링보이스, 딩고뮤직, dingo music, 미니앨범, 정규앨범,
    mini album, color coded, colour coded, han rom eng, rom han eng, han eng rom, eng rom han,
    rom eng han, eng han rom, han rom, rom han, romanized, 한글 가사, sub español han,
    rom eng, eng rom, colorcoded, color coding, romanization,
    m v, 안무 영상, 안무영상, 안무연습, produce 101, 프로듀스, immortal songs,
    weekly idol, 주간아이돌, 주간 아이돌, gayo daejeon, 쇼케이스, kpop idol, k pop idol,
    korean ver, korean version
"""
# About music, of any country. "teaser", "stage" and "live" alone are left out: films, games and
# matches have them too; so is 아이돌, a hashtag under anything. With kanji it is lyrics of Japan.
_MUSIC = """
    컴백, comeback, mv, music video, 뮤직비디오, 뮤비, dance practice, choreography,
    performance video, performance ver, lyric video, lyrics video, lyrics, official audio,
    track video, 가사, 歌詞, 歌词, official video, 신곡, 타이틀곡, special clip,
    instrumental, 음원, 라이브 클립, live clip, official mv,
    kan rom eng, kanji rom eng, jap rom eng, jpn rom eng, jp rom eng
"""


def _words(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(normalise(word) for word in text.split(",")))


def _word_set(text: str) -> frozenset[str]:
    return frozenset(text.split())


WORDS_OF_KPOP = _words(_KPOP)
WORDS_OF_MUSIC = _words(_MUSIC)

OFFICIAL_WORDS = _word_set(
    """
    official channel vevo tv music 공식 오피셜 채널 공식채널 유튜브 youtube 公式 オフィシャル
    チャンネル smtown japan jp global kr the
    """
)
"""Cut from a channel's name before it is compared with an act's."""

_LABELS = """
    HYBE LABELS, SMTOWN, SM Entertainment, JYP Entertainment, JYPE Japan, YG ENTERTAINMENT,
    1theK, 1theK (원더케이), 1theK Originals - 원더케이 오리지널, 원더케이,
    Stone Music Entertainment, Mnet K-POP, Mnet, M2, Mnet TV, Mnet Digital, KBS Kpop,
    KBS WORLD TV, KBS, KBS Entertain, MBCkpop, MBC, MBCentertainment, SBS Entertainment,
    SBSKPOP X INKIGAYO, SBSKPOP PLAY, SBSKPOP ZOOM, 스브스케이팝, 스브스케이팝 X INKIGAYO,
    STUDIO CHOOM, STUDIO CHOOM [스튜디오 춤], 스튜디오 춤, Starship Entertainment, starshipTV,
    스타쉽 Starship, CUBE Entertainment,
    United CUBE (CUBE Entertainment Official YouTube Channel), PLEDIS Entertainment,
    KQ ENTERTAINMENT, FNC ENTERTAINMENT, RBW Entertainment, woolliment, WM ENTERTAINMENT,
    IST Entertainment, Genie Music, genie music corporation, Danal Entertainment,
    다날엔터테인먼트, Kakao Entertainment, 카카오엔터테인먼트, THEBLACKLABEL, AOMG, ADOR,
    BELIFT LAB, SOURCE MUSIC, BIGHIT MUSIC, KOZ ENTERTAINMENT, WAKEONE, Jellyfish Entertainment,
    DSP Media, Brand New Music, Fantagio, 판타지오 뮤직, WOOLLIM, MNH Entertainment,
    딩고 뮤직 / dingo music, dingo freestyle, it's KPOP LIVE 잇츠라이브, it's Live, MU:CON,
    Arirang K-Pop, ALL THE K-POP, THE K-POP, THE SHOW, SBS M, KBS N, 뮤플리,
    1MILLION Dance Studio, Weverse, MMTG 문명특급, 문명특급 - MMTG, VIVA LA COMPANY, JTBC Music,
    JTBC Voyage, tvN, 비몽, BANGTANTV LABEL
"""
LABEL_CHANNELS = frozenset(normalise(name) for name in _LABELS.split(","))
"""Companies, broadcasters and stages: never an act's own channel, and always about K-POP acts."""

# Names that other people's channels have as well: first names, and words of any country. A Latin
# name that is not here is an act's where it is the whole name of a channel, though it may be an
# everyday word in a title (TWICE, SEVENTEEN).
_FIRST_NAMES = """
    ali, alice, annie, april, belle, ben, bibi, bobby, brian, chen, danielle, dean, dino, eugene,
    felix, george, giselle, hani, henry, irene, ivy, jamie, jennie, jessi, jessica, jia, jimin,
    jin, jinyoung, jiyeon, joshua, joy, kai, karina, ken, khan, krystal, lay, leo, lisa, lizzy,
    lucas, lucy, luna, lyn, mark, martin smith, matilda, mimi, minah, minho, minnie, mino,
    moonbin, nana, nancy, natty, nell, nicole, niel, noel, raina, ravi, ren, rocky, romeo, rose,
    sakura, samuel, seohyun, shannon, sol, somi, sumin, suzy, tiffany, vernon, victoria, wendy,
    winter, woody, yena, yeri, yoona, yuna, yunho, yuri, yuta, hyo, kei, kino, park ji min,
    park jimin, lee soo, lee jung, lee hyun, lee boram
"""
_THINGS = """
    ace, argon, astro, beast, bestie, big mama, blackswan, boyfriend, brown eyes, buzz, camo,
    candy shop, chakra, chancellor, cheetah, bap,
    close your eyes, cool, crush, dawn, daybreak, diva,
    eve, fanatics, geeks, genie, god, good day, gray, green area, gummy, halo, hearts to hearts,
    highlight, history, homme, honey popcorn, hoody, hotshot, infinite, is sue, issue, jewelry,
    key, kickflip, kingdom, latency, limelight, limitless, loco, luminous, madein, myname,
    nature, no brain, no reply, noir, nomad, nowadays, outsider, papaya, pentagon, phantom,
    pink fantasy, pixy, position, postmen, primary, punch, rain, rainbow, red velvet,
    rocket punch, saturday, secret, secret number, sharp, silica gel, solar, sole, solid, spica,
    standing egg, stellar, sunny hill, supernova, supreme team, sweet sorrow, swings, target,
    tempest, the one, the rose, the wind, the volunteers, thunder, touched, treasure, tribe,
    trouble maker, turbo, unicode, untouchable, up, vibe, visionary vision, waker, wax, winner,
    ini, iris, say my name, top secret, new jeans, dia, kara, trax, supreme, yada
"""
# Nouns of every day: a word of music beside them is no cue, unless the title begins
# with the name.
_KOREAN_THINGS = """
    아이들 여자아이들 여자친구 하이라이트 노을 소원 안녕 바다 동해 강남 첫사랑 부활 승리
    태양 신화 유리 거미 양파 소금 소유 소나무 소란 배너 포지션 시그니처 유니크 임팩트 있지
    바로 천둥 짙은 치타 도끼 마크 백호 불독 세븐 에이스 루나 레벨 다이아 디바 라이즈 산들
    수호 슬기 시크릿 아이콘 알리 에이트 온유 왁스 이적 인피니트 재현 전진 클론 킹덤 타겟
    터보 트레저 파파야 펀치 펜타곤 히스토리 환희 네이처 그레이
"""
FIRST_NAMES = frozenset(_words(_FIRST_NAMES))
THINGS = frozenset(_words(_THINGS)) | {"여자 아이들", *_KOREAN_THINGS.split()}

GUEST_WORDS = _word_set("feat ft featuring with w 피처링 duet")
MAKER_WORDS = _word_set("prod produced producer 프로듀서 프로듀싱 작곡 lyricist composed")
JOINT_WORDS = _word_set("x and 와 과 랑 이랑 하고 vs")
COVER_WORDS = _word_set(
    """
    cover covers covered covering coverdance 커버 커버댄스 커버곡 댄스커버 커버송 커버무대
    커버영상 reaction reactions reacts react reacting 리액션 반응 해외반응 karaoke 노래방
    노래방반주 カバー 歌ってみた 踊ってみた 弾いてみた 반주 parody 패러디 tutorial 튜토리얼
    tribute mashup
    """
)
_NO_COVER = re.compile(
    r" (?:album|magazine|single|book|front|back|art|jacket|ep|앨범|자켓|재킷|잡지) (?:cover|커버) "
    r"| (?:cover|커버) (?:story|art|image|girl|boy|model|stars?|스토리|모델|공개) "
)


def speaks_of_cover(line: str) -> bool:
    """Whether a title in normal form, blanks around it, says cover, reaction or the like."""
    return not COVER_WORDS.isdisjoint(line.split()) and not _NO_COVER.search(line)


# What a name that is clear as such means as well, by the words around it (in normal form).
_MANY = "been|got|never|ever|had|seen|done|made|always|just|already|lost|found|gone|come|tried"
_MORE = "heard|learned|learnt|decided|waited|played|eaten|met|owned|used|had|said|told|taken|still"
OTHER_SENSES: dict[str, re.Pattern[str]] = {
    "bts": re.compile(
        r" behind the scenes? "
        r"| (?:photoshoot|photo shoot|cover shoot|s\d|season \d|ep \d+|vlog|film|making of) bts "
        r"| bts (?:(?:the )?making|with (?:the cast|my camera)) "
        r"| (?:the|some|my|our|more|exclusive|set|wedding|full|shoot|film|movie|bonus) bts "
        r"| bts (?:of|from|footage|vlog|clips?|look|content|pics?|photos?|moments?|day|reel"
        r"|bloopers|scenes?|camera|shots?|skytrain|mass|station) "
    ),
    "ive": re.compile(rf" ive (?:{_MANY}|{_MORE}) | jony ive | (?:that|what|things?|all) ive "),
    "god": re.compile(r" (?:oh my|my|of|the|by|for|thank|mother of|son of|in) god "),
    # True wireless stereo.
    "tws": re.compile(
        r" (?:earphones?|earbuds?|headphones?|headsets?|bluetooth|airpods|anc|wireless|gaming) "
        r"| (?:이어폰|이어버드|블루투스|무선)|イヤホン|耳机|耳機"
    ),
    # Indiana University.
    "iu": re.compile(
        r" (?:indiana|hoosiers?|purdue) | iu (?:football|basketball|health|bloomington) "
        r"| (?:vs|at) iu | iu (?:vs|at) "
    ),
    # Business to business.
    "btob": re.compile(r" (?:marketing|sales|saas|b2b) |マーケ|営業|企業|ビジネス|事業"),
    "bigbang": re.compile(r" bigbang (?:theory|cosmology) | the bigbang "),
    "exo": re.compile(r" exo (?:suits?|terra|skeletons?|planets?|zodiac) | destiny 2 "),
    "itzy": re.compile(r" itzy (?:bitzy|bitsy) "),
    "girls generation": re.compile(r" girls generation [xyz] "),
    "super junior": re.compile(r" super junior (?:golf|tennis|champions?|championships?|cup) "),
    "blackpink": re.compile(r" blackpink (?:paint|colou?r) "),
    "seventeen": re.compile(r" seventeen magazine "),
    "diva": re.compile(r" project diva | vocaloid |初音|ボカロ"),
    "nct": re.compile(r" nct (?:tests?|centre|of delhi) "),
}
