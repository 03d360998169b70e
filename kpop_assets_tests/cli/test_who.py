"""`kpop who` says whose a title is, by what, and what it turned down."""

from __future__ import annotations

from kpop_assets_tests.cli.kit import Kpop


def test_it_names_the_act_the_evidence_and_the_guests(kpop: Kpop):
    done = kpop("who", "TWS (Feat. IVE) 'Second Bell' MV")
    assert done.code == 0
    assert done.out.startswith("TWS: clear_name, ")
    assert ["IVE", "featured"] in [line.split() for line in done.out.splitlines()]


def test_it_says_what_else_it_could_have_been_and_why_not(kpop: Kpop):
    done = kpop("who", "The secret of a winner", "--channel", "A Cat")
    assert done.out.startswith("OTHER: none, ")
    assert "WINNER" in done.out
    assert "everyday word" in done.out


def test_a_channel_by_name_or_id_and_a_chart_are_evidence(kpop: Kpop):
    assert kpop("who", "hello", "--channel", "NMIXX").out.startswith("NMIXX: channel_name")
    own = kpop("who", "hello", "--channel-id", "UCayQxFAoFCvGariuQCtHRGQ")
    assert own.out.startswith("WINNER: channel_id")
    label = kpop("who", "Who", "--channel", "Jimin", "--source", "spotify_chart")
    assert label.out.startswith("Jimin: label")


def test_no_title_is_refused(kpop: Kpop):
    done = kpop("who", " ")
    assert done.code == 2
    assert "it is empty" in done.err


def test_a_title_is_read_under_a_locale_that_lacks_its_letters(kpop: Kpop):
    typed = "ROSÉ (로제) - Paper MV".encode().decode("ascii", "surrogateescape")
    assert kpop("who", typed).out.startswith("ROSÉ: ")
