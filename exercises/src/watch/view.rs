//! How the watcher looks.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::{Color, Modifier, Style};
use ratatui::text::{Line, Span, Text};
use ratatui::widgets::{Block, LineGauge, List, ListItem, ListState, Paragraph, Wrap};

use super::app::{App, Screen};
use crate::outcome::{Failure, Test};
use crate::show::number;

const GOOD: Style = Style::new().fg(Color::Green);
const BAD: Style = Style::new().fg(Color::Red);
const IDEA: Style = Style::new().fg(Color::Cyan);
const QUIET: Style = Style::new().add_modifier(Modifier::DIM);
const BOLD: Style = Style::new().add_modifier(Modifier::BOLD);

const SPINNER: [&str; 8] = ["⠋", "⠙", "⠸", "⠴", "⠦", "⠇", "⠏", "⠛"];

/// Draw all of it.
pub fn draw(frame: &mut Frame<'_>, app: &App) {
    let [top, body, bottom] = Layout::vertical([
        Constraint::Length(2),
        Constraint::Min(3),
        Constraint::Length(1),
    ])
    .areas(frame.area());
    draw_progress(frame, app, top);
    match app.screen {
        Screen::Exercise => draw_exercise(frame, app, body),
        Screen::List => draw_list(frame, app, body),
    }
    draw_keys(frame, app, bottom);
}

fn draw_progress(frame: &mut Frame<'_>, app: &App, area: Rect) {
    let (reached, possible) = app.points();
    let label = format!(
        "{} of {} exercises  {}/{} points",
        app.passed(),
        app.exercises.len(),
        number(reached),
        number(possible)
    );
    let gauge = LineGauge::default()
        .ratio((reached / possible.max(f64::MIN_POSITIVE)).clamp(0.0, 1.0))
        .label(label)
        .filled_style(GOOD)
        .unfilled_style(QUIET);
    frame.render_widget(gauge, Rect { height: 1, ..area });
}

fn draw_exercise(frame: &mut Frame<'_>, app: &App, area: Rect) {
    let exercise = app.exercise();
    let title = format!(" {}. {} ", exercise.number, exercise.title);
    let block = Block::bordered()
        .title(Span::styled(title, BOLD))
        .title_bottom(
            Line::from(format!(" {} min, {} ", exercise.minutes, exercise.lesson)).right_aligned(),
        );
    let paragraph = Paragraph::new(exercise_text(app))
        .block(block)
        .wrap(Wrap { trim: false })
        .scroll((app.scroll, 0));
    frame.render_widget(paragraph, area);
}

fn exercise_text(app: &App) -> Text<'static> {
    let mut lines: Vec<Line<'static>> = Vec::new();
    let exercise = app.exercise();
    if app.running {
        let spinner = SPINNER[app.ticks % SPINNER.len()];
        lines.push(Line::styled(format!("{spinner} grading ..."), IDEA));
    } else if let Some(error) = &app.error {
        lines.push(Line::styled(format!("cannot grade: {error}"), BAD));
    } else if let Some(outcome) = &app.outcome {
        let (style, words) = if outcome.passed() {
            (GOOD, "passed: press n for the next exercise")
        } else {
            (BAD, "not yet")
        };
        lines.push(Line::from(vec![
            Span::styled(
                format!(
                    "{} of {} points, ",
                    number(outcome.earned()),
                    number(outcome.possible())
                ),
                style,
            ),
            Span::styled(words, style),
            Span::styled(format!("  ({:.1} s)", outcome.seconds), QUIET),
        ]));
    }
    for build in app.builds.iter().filter(|build| build.failure.is_some()) {
        lines.push(Line::styled(format!("✗ build: {}", build.title()), BAD));
        lines.extend(build.failure.iter().flat_map(failure_lines));
    }
    // One failure in full: the first. The others wait in a line each.
    let first = app.tests.iter().position(|test| test.problem().is_some());
    for (index, test) in app.tests.iter().enumerate() {
        lines.push(test_line(test));
        if Some(index) == first {
            lines.extend(test.failure.iter().flat_map(failure_lines));
            lines.push(Line::from(vec![
                Span::raw("    idea      "),
                Span::styled(test.idea.clone(), IDEA),
            ]));
            for line in test.output.lines().take(6) {
                lines.push(Line::styled(format!("    printed   {line}"), QUIET));
            }
        }
    }
    if !app.hints.is_empty() {
        lines.push(Line::default());
        lines.extend(
            app.hints
                .iter()
                .map(|hint| Line::styled(hint.clone(), IDEA)),
        );
    }
    lines.push(Line::default());
    let files = exercise.edit.join(", ");
    lines.push(Line::styled(
        format!(
            "Save one of these to grade again: {files} in exercises/exercise{}",
            exercise.number
        ),
        QUIET,
    ));
    if let Some(note) = &app.note {
        lines.push(Line::styled(note.clone(), QUIET));
    }
    Text::from(lines)
}

fn test_line(test: &Test) -> Line<'static> {
    let (mark, style) = match &test.failure {
        None => ("✓", GOOD),
        Some(failure) if failure.blocked_by.is_some() => ("·", QUIET),
        Some(_) => ("✗", BAD),
    };
    let points = format!("  {}/{}", number(test.earned()), number(test.points));
    Line::from(vec![
        Span::styled(format!("{mark} "), style),
        Span::raw(test.title()),
        Span::styled(points, QUIET),
    ])
}

fn failure_lines(failure: &Failure) -> Vec<Line<'static>> {
    let mut lines: Vec<Line<'static>> = failure
        .message
        .lines()
        .map(|line| Line::from(format!("    {line}")))
        .collect();
    for (name, value) in [("expected", &failure.expected), ("got", &failure.got)] {
        for (index, line) in value.iter().flat_map(|value| value.lines()).enumerate() {
            let name = if index == 0 { name } else { "" };
            lines.push(Line::from(format!("    {name:<9} {line}")));
        }
    }
    if let Some(line) = failure.lines.last() {
        let code = line.code.clone().unwrap_or_default();
        lines.push(Line::from(vec![
            Span::raw(format!("    at        {}:{}  ", line.file, line.line)),
            Span::styled(code, QUIET),
        ]));
    }
    lines.extend(
        failure
            .details
            .lines()
            .map(|line| Line::styled(format!("      {line}"), QUIET)),
    );
    lines
}

fn draw_list(frame: &mut Frame<'_>, app: &App, area: Rect) {
    let items = app
        .exercises
        .iter()
        .zip(&app.reached)
        .map(|(exercise, (points, passed))| {
            let mark = if *passed {
                Span::styled("✓", GOOD)
            } else {
                Span::raw(" ")
            };
            ListItem::new(Line::from(vec![
                mark,
                Span::raw(format!(" {:>2}. {:<50}", exercise.number, exercise.title)),
                Span::styled(
                    format!("{:>7}/{}", number(*points), number(exercise.points)),
                    QUIET,
                ),
            ]))
        });
    let list = List::new(items)
        .block(Block::bordered().title(" All exercises: Enter takes one, l goes back "))
        .highlight_style(Style::new().add_modifier(Modifier::REVERSED));
    let mut state = ListState::default().with_selected(Some(app.chosen));
    frame.render_stateful_widget(list, area, &mut state);
}

fn draw_keys(frame: &mut Frame<'_>, app: &App, area: Rect) {
    let keys: &[(&str, &str)] = match app.screen {
        Screen::Exercise => &[
            ("h", "hint"),
            ("n", "next"),
            ("l", "list"),
            ("r", "run"),
            ("↑↓", "scroll"),
            ("q", "quit"),
        ],
        Screen::List => &[
            ("↑↓", "choose"),
            ("Enter", "take"),
            ("l", "back"),
            ("q", "quit"),
        ],
    };
    let spans = keys.iter().flat_map(|(key, does)| {
        [
            Span::styled(
                format!(" {key} "),
                Style::new().add_modifier(Modifier::REVERSED),
            ),
            Span::raw(format!(" {does}  ")),
        ]
    });
    frame.render_widget(Line::from_iter(spans), area);
}
