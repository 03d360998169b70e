"""What people say of an artist: scores, mood over time, aspects, typical praise and complaint.

Belongs here: the tab. Does not belong here: the page of voices (views/audience/voices.py), whose
parts these are, or what is read (queries/audience/).
"""

from __future__ import annotations

import streamlit as st

from app import frame
from app.address import carried
from app.frame import word
from app.names import act_name
from app.notices import PageEnd
from app.pages import file_of
from app.views.audience.chosen_subject import ACT, Chosen
from app.views.audience.voices import show_voices


def show_said(view: frame.View, artist: str) -> None:
    """Draw the tab, or say in a sentence why there is nothing to draw."""
    try:
        show_voices(view, Chosen(ACT, artist, artist, (act_name(artist),)))
    except PageEnd as notice:
        frame.tell(notice)
        return
    query = {**carried(), "artist": artist}
    st.page_link(file_of("voices"), label=word("artist.voices_all"), query_params=query)
