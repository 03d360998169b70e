"""What the contracts say of whole tables: rhythm, look-back, whose data, what comes when."""

from __future__ import annotations

import pytest

from kpop_assets.contracts import (
    audience_aspects,
    audience_scores,
    audience_sentiments,
    audience_voices,
    bronze,
    catalog,
    experiments,
    exposures,
    feedback,
    lens_forecasts,
    lens_outliers,
    lens_signals,
    lens_videos,
    lens_words,
    models,
    pareto,
    plays,
    recommend_listening,
    recommend_models,
    recommend_outcomes,
    recommend_plays,
    recommend_service,
    recommend_tracks,
    recommendations,
    retention,
    reviews,
    rising_slot,
    silver,
    tracks,
    viral,
)
from kpop_assets.contracts.docs import PAGE, render_tables
from kpop_assets.contracts.registry import (
    ALL_TABLES,
    LIVE_TABLES,
    TABLES,
    table_at,
    tables_of_rhythm,
)
from kpop_assets.contracts.table import Table

OUTLIERS = {
    lens_outliers.VIDEO_OUTLIERS,
    lens_outliers.CHANNEL_OUTLIERS,
    lens_outliers.ARTIST_OUTLIERS,
}
each_table = pytest.mark.parametrize("table", ALL_TABLES, ids=lambda table: table.path)

FORECAST_RECORDS = {lens_forecasts.FORECAST_SCORES, lens_forecasts.FORECAST_SCORECARD}


def test_a_contract_is_known_by_being_written_and_in_the_order_of_the_rooms():
    assert [table.path for table in TABLES] == [
        *("bronze/events", "bronze/quarantine", "bronze/files", "bronze/bloom", "bronze/videos"),
        *("bronze/tracks", "bronze/tracks_quarantine", "bronze/tracks_files"),
        *("bronze/plays", "bronze/plays_quarantine", "bronze/plays_files"),
        "bronze/recommendations",
        *("bronze/recommendations_quarantine", "bronze/recommendations_files"),
        *("bronze/feedback", "bronze/feedback_quarantine", "bronze/feedback_files"),
        *("bronze/exposures", "bronze/exposures_quarantine", "bronze/exposures_files"),
        *("bronze/reviews", "bronze/reviews_quarantine", "bronze/reviews_files"),
        *("silver/video_daily", "silver/video_firsts", "silver/artist_daily"),
        "silver/artist_windows",
        "catalog/unknown",
        *("gold/artist_features", "gold/tier_cutoffs"),
        *("lens/video_metrics", "lens/video_scores", "lens/video_lists", "lens/video_outliers"),
        *("lens/channel_outliers", "lens/artist_outliers"),
        *("lens/video_trends", "lens/video_forecasts", "lens/video_milestones"),
        *("lens/forecast_scores", "lens/forecast_scorecard"),
        *("lens/video_words", "lens/word_counts", "lens/keywords"),
        *("lens/entities", "lens/signals"),
        *("audience/voices", "audience/voice_counts"),
        *("audience/sentiments", "audience/sentiment_trainings", "audience/sentiment_scores"),
        "audience/aspects",
        *("audience/guards", "audience/subject_scores", "audience/act_moods"),
        *("models/artist_inputs", "models/trainings", "models/backtests"),
        *("models/candidate_scores", "models/viral_outcomes", "models/viral_backtests"),
        *("models/viral_scores", "pareto/front", "pareto/champion", "pareto/next_viral"),
        *("pareto/scorecard", "pareto/viral_record", "recommend/tracks", "recommend/works"),
        *("recommend/track_clusters", "recommend/plays_hourly", "recommend/play_days"),
        *("recommend/listener_tracks", "recommend/track_plays"),
        *("recommend/work_audience", "recommend/shared_listeners", "recommend/trainings"),
        *("recommend/backtests", "recommend/model_scores", "recommend/front"),
        *("recommend/champion", "recommend/outcomes"),
        *("recommend/answer_days", "recommend/outcome_days"),
        *("recommend/input_days", "recommend/drift"),
        "rising_slot/policy_estimates",
        *("experiments/listener_days", "experiments/results"),
        "retention/purges",
    ]
    assert [table.path for table in LIVE_TABLES] == [
        *("live/events", "live/windows", "live/days", "live/plays", "live/plays_hourly"),
    ]
    assert set(ALL_TABLES) == {*TABLES, *LIVE_TABLES}


def test_a_table_is_found_by_its_path():
    assert all(table_at(table.path) is table for table in ALL_TABLES)
    assert table_at("bronze/nothing") is None


def test_training_days_leave_these_tables_and_their_champion_three():
    trained = {models.TRAININGS, models.BACKTESTS, models.CANDIDATE_SCORES}
    trained |= {viral.VIRAL_BACKTESTS, viral.VIRAL_SCORES, pareto.FRONT, pareto.CHAMPION}
    trained |= {recommend_tracks.WORKS, recommend_tracks.TRACK_CLUSTERS}
    trained |= {recommend_listening.WORK_AUDIENCE, recommend_listening.SHARED_LISTENERS}
    trained |= {recommend_models.RECOMMENDER_TRAININGS, recommend_models.RECOMMENDER_BACKTESTS}
    trained |= {recommend_models.RECOMMENDER_SCORES, recommend_models.RECOMMENDER_FRONT}
    trained |= {recommend_models.RECOMMENDER_CHAMPION}
    trained |= {audience_sentiments.SENTIMENT_TRAININGS, audience_sentiments.SENTIMENT_SCORES}
    assert set(tables_of_rhythm("weekly")) == trained
    forecast = {table for table in ALL_TABLES if table.needs_champion}
    assert forecast == {pareto.NEXT_VIRAL, pareto.SCORECARD, pareto.VIRAL_RECORD}
    assert {table for table in ALL_TABLES if table.awaits_training} == trained | forecast


def test_a_table_that_is_not_there_names_the_command_that_fills_it():
    assert pareto.NEXT_VIRAL.way_out.startswith("`kpop train` fills it")
    assert recommend_models.RECOMMENDER_SCORES.way_out.startswith("`kpop train recommend` fills it")
    assert recommend_tracks.WORKS.way_out == (
        "`kpop run START END` fills it on Saturdays, and on a single day by "
        "`--select recommend/works`"
    )
    assert recommend_tracks.TRACKS_TOLD.way_out == "run the days first: `kpop run START END`"


def test_days_without_a_row_are_no_fault_where_there_may_be_nothing_to_say():
    quiet = {bronze.QUARANTINE, bronze.VIDEOS, catalog.UNKNOWN, silver.VIDEO_FIRSTS}
    quiet |= {pareto.SCORECARD, retention.PURGES, viral.VIRAL_OUTCOMES, pareto.VIRAL_RECORD}
    quiet |= {lens_videos.VIDEO_SCORES, lens_videos.VIDEO_LISTS, *OUTLIERS}
    quiet |= {lens_words.VIDEO_WORDS, lens_words.WORD_COUNTS, lens_words.KEYWORDS}
    quiet |= {lens_forecasts.VIDEO_MILESTONES, *FORECAST_RECORDS}
    quiet |= {lens_signals.ENTITIES, lens_signals.SIGNALS}
    quiet |= {*tracks.TRACK_LINES.tables, recommend_tracks.TRACKS_TOLD}
    quiet |= {*recommendations.RECOMMENDATION_LINES.tables, *feedback.FEEDBACK_LINES.tables}
    quiet |= {*plays.PLAY_LINES.tables, recommend_plays.PLAYS_HOURLY, recommend_plays.PLAY_DAYS}
    quiet |= {recommend_outcomes.OUTCOMES}
    quiet |= {recommend_listening.LISTENER_TRACKS, recommend_listening.TRACK_PLAYS}
    quiet |= {recommend_service.ANSWER_DAYS, recommend_service.INPUT_DAYS}
    quiet |= {recommend_service.INPUT_DRIFT, recommend_service.OUTCOME_DAYS}
    quiet |= {*exposures.EXPOSURE_LINES.tables, *reviews.REVIEW_LINES.tables}
    quiet |= {audience_voices.VOICES, audience_voices.VOICE_COUNTS}
    quiet |= {audience_scores.GUARDS, audience_scores.SUBJECT_SCORES, audience_scores.ACT_MOODS}
    quiet |= {audience_sentiments.SENTIMENTS}
    quiet |= {audience_aspects.ASPECTS}
    quiet |= {rising_slot.POLICY_ESTIMATES}
    quiet |= {experiments.LISTENER_DAYS, experiments.EXPERIMENT_RESULTS}
    assert set(tables_of_rhythm("occasional")) == quiet


def test_what_an_api_said_stands_in_these_tables_and_their_days_cannot_come_again():
    held = {bronze.EVENTS, bronze.QUARANTINE, bronze.BLOOM, bronze.VIDEOS}
    held |= {silver.VIDEO_DAILY, catalog.UNKNOWN, silver.VIDEO_FIRSTS, pareto.NEXT_VIRAL}
    held |= {lens_videos.VIDEO_METRICS, lens_words.VIDEO_WORDS, lens_forecasts.VIDEO_TRENDS}
    held |= {lens_forecasts.VIDEO_FORECASTS, lens_forecasts.VIDEO_MILESTONES}
    held |= {lens_videos.VIDEO_METRICS, lens_videos.VIDEO_SCORES, lens_videos.VIDEO_LISTS}
    held |= {lens_words.WORD_COUNTS, *OUTLIERS}
    held |= {reviews.REVIEWS, reviews.REVIEW_LINES.quarantine, audience_voices.VOICES}
    held |= {audience_scores.GUARDS, audience_scores.SUBJECT_SCORES}
    held |= {audience_sentiments.SENTIMENTS}
    held |= {audience_aspects.ASPECTS}
    assert {table for table in TABLES if table.provider} == held
    assert {table.path for table in LIVE_TABLES if table.provider} == {"live/events"}
    needy = held | {bronze.FILES, silver.ARTIST_DAILY, silver.ARTIST_WINDOWS, models.ARTIST_INPUTS}
    needy |= {lens_words.KEYWORDS, *FORECAST_RECORDS}
    needy |= {reviews.REVIEW_LINES.files, audience_voices.VOICE_COUNTS}
    needy |= {audience_scores.ACT_MOODS}
    assert {table for table in TABLES if table.needs_provider_rows} == needy


@each_table
def test_columns_of_a_provider_stand_where_its_data_does_and_what_it_holds_is_lost_with_it(
    table: Table,
):
    assert table.provider or not any(column.of_provider for column in table.columns)
    assert table.needs_provider_rows or not table.provider


def test_no_statement_of_the_api_is_missing_among_its_columns():
    names = {"video_id", "text", "post_id", "author_id", "author_name", "lang", "published_at"}
    names |= {"scheduled_at", "began_at", "launched_at"}
    names |= {"event_at", "observed_at", "first_observed_at", "description", "tags"}
    names |= {
        "author_subscriber_count",
        "category_id",
        "duration_seconds",
        "region",
        "query",
        "line",
        "view_count",
    }
    names |= {
        "views_first_7d",
        "like_count",
        "comment_count",
        "views_gained",
        "likes_gained",
        "comments_gained",
    }
    names |= {"author_subscriber_count", "best_video_id", "best_views_per_hour"}
    names |= {"driving_video_id", "driving_video_title", "driving_video_gain"}
    names |= {"word", "clause_text"}
    names |= {"review_id", "subject", "rating", "likes", "created_at", "updated_at", "deleted_at"}
    for table in ALL_TABLES:
        if table.provider:
            said = {column.name for column in table.columns if column.of_provider}
            # Of an act's sums one cell names a video.
            own = {"views_gained"} if table is lens_outliers.ARTIST_OUTLIERS else set()
            assert said == names.intersection(table.column_names) - own, table.path


def test_look_backs_are_those_of_the_formulas():
    found = {table.path: table.look_back_days for table in ALL_TABLES if table.look_back_days}
    assert found == {
        "bronze/videos": 7,
        "silver/video_daily": 30,
        "silver/video_firsts": 42,
        "gold/artist_features": 66,
        "lens/video_metrics": 2,
        "lens/channel_outliers": 27,
        "lens/artist_outliers": 60,
        "lens/video_words": 7,
        "lens/keywords": 28,
        "lens/video_trends": 7,
        "lens/video_forecasts": 26,
        "lens/forecast_scores": 26,
        "lens/forecast_scorecard": 7,
        "audience/voices": 28,
        "audience/guards": 90,
        "audience/subject_scores": 182,
        "audience/act_moods": 28,
        **dict.fromkeys(["audience/sentiment_trainings", "audience/sentiment_scores"], 3653),
        "models/artist_inputs": 90,
        "models/trainings": 474,
        "models/backtests": 474,
        "models/candidate_scores": 474,
        "models/viral_outcomes": 103,
        "models/viral_backtests": 474,
        "models/viral_scores": 474,
        "pareto/champion": 60,
        "pareto/next_viral": 60,
        "pareto/scorecard": 7,
        "pareto/viral_record": 7,
        "recommend/works": 3653,
        "recommend/track_clusters": 3653,
        "recommend/play_days": 28,
        "recommend/listener_tracks": 28,
        "recommend/outcomes": 29,
        "recommend/work_audience": 28,
        "recommend/shared_listeners": 28,
        **dict.fromkeys(["recommend/trainings", "recommend/backtests"], 3653),
        **dict.fromkeys(["recommend/model_scores", "recommend/front"], 3653),
        "recommend/champion": 3653,
        **{"recommend/answer_days": 1, "recommend/drift": 28},
        "rising_slot/policy_estimates": 34,
        "experiments/results": 84,
    }


def test_the_page_says_what_the_contracts_say():
    page = render_tables()
    section = page.partition("## pareto/next_viral")[2].partition("## ")[0]
    for fact in ("each day", "champion", "back 60 days", "youtube", "`driving_video_title`"):
        assert fact in section, fact
    assert page == PAGE.read_text(encoding="utf-8"), "write it with `make docs`"
