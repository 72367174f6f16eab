//! `workbook watch`: grades on every save, in a view that fills the terminal.

mod app;
mod files;
mod view;

use std::io::IsTerminal;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use ratatui::DefaultTerminal;
use ratatui::crossterm::event::{self, KeyCode, KeyEventKind, KeyModifiers};

use self::app::{App, Effect, Event, Key};
use self::files::Files;
use crate::judge::{self, Cancel};
use crate::learner;
use crate::place::Place;
use crate::progress::Progress;
use crate::registry::Registry;
use crate::sandbox::isolation::Isolation;

/// How often the screen is drawn without a reason.
const TICK: Duration = Duration::from_millis(120);
/// Editors save in several steps: wait until they are done.
const QUIET: Duration = Duration::from_millis(80);

/// Watch until the learner leaves.
pub fn main(
    place: &Place,
    registry: &Registry,
    number: Option<u32>,
    poll: bool,
    isolation: Isolation,
) -> Result<bool> {
    ensure!(
        std::io::stdout().is_terminal() && std::io::stdin().is_terminal(),
        "watch needs a terminal; `workbook run` does not"
    );
    ensure!(!registry.all().is_empty(), "there are no exercises");
    let progress = Progress::read(place)?;
    let reached = registry.all().iter().map(|exercise| {
        let record = progress.of(exercise.number);
        (record.best, record.passed)
    });
    let (sender, receiver) = channel();
    let saved = sender.clone();
    let mut files = Files::new(place, poll, move |_| {
        let _ = saved.send(Event::Saved);
    })?;
    let note = files
        .polling
        .as_ref()
        .map(|why| format!("Files are looked at twice a second: {why}"));
    let mut app = App::new(registry.all().to_vec(), reached.collect(), note);
    if let Some(number) = number {
        let wanted = registry.get(number)?.number;
        app.current = app
            .exercises
            .iter()
            .position(|e| e.number == wanted)
            .unwrap_or(0);
    }
    let keys = sender.clone();
    // Blocks in a read until the program ends.
    thread::spawn(move || read_keys(&keys));
    let mut terminal = ratatui::try_init()?;
    let outcome = Watch {
        place,
        isolation,
        sender,
        cancel: None,
    }
    .run(&mut terminal, &mut app, &receiver, &mut files);
    ratatui::try_restore()?;
    outcome?;
    Ok(true)
}

struct Watch<'a> {
    place: &'a Place,
    isolation: Isolation,
    sender: Sender<Event>,
    /// The grading that runs, to be ended when it is out of date.
    cancel: Option<(Arc<Cancel>, thread::JoinHandle<()>)>,
}

impl Watch<'_> {
    fn run(
        &mut self,
        terminal: &mut DefaultTerminal,
        app: &mut App,
        events: &Receiver<Event>,
        files: &mut Files,
    ) -> Result<()> {
        let mut watched = usize::MAX;
        let mut due = None;
        app.begin();
        due.replace(Instant::now());
        loop {
            if watched != app.current {
                files.turn_to(&self.place.starter(app.exercise().number))?;
                watched = app.current;
            }
            if due.is_some_and(|due| Instant::now() >= due) {
                due = None;
                self.grade(app);
            }
            terminal.draw(|frame| view::draw(frame, app))?;
            let event = match events.recv_timeout(TICK) {
                Ok(event) => event,
                Err(RecvTimeoutError::Timeout) => Event::Tick,
                Err(RecvTimeoutError::Disconnected) => return Ok(()),
            };
            match app.handle(event) {
                Effect::None => {}
                Effect::Grade => due = Some(Instant::now() + QUIET),
                Effect::Hint => app.hints = learner::next_hint(self.place, app.exercise())?,
                Effect::Quit => {
                    self.stop();
                    return Ok(());
                }
            }
        }
    }

    /// Grade on another thread; the one before is ended first.
    fn grade(&mut self, app: &App) {
        self.stop();
        let (grading, exercise) = (app.grading, app.exercise().clone());
        let (place, isolation, sender) = (self.place.clone(), self.isolation, self.sender.clone());
        let cancel = Arc::new(Cancel::default());
        let ours = Arc::clone(&cancel);
        let thread = thread::spawn(move || {
            let outcome = learner::grade(&place, &exercise, isolation, &ours, |progress| {
                let _ = sender.send(match progress {
                    judge::Progress::Built(build) => Event::Built(grading, build.clone()),
                    judge::Progress::Tested(test) => Event::Tested(grading, test.clone()),
                });
            });
            let outcome = outcome.map_err(|error| format!("{error:#}"));
            let _ = sender.send(Event::Graded(grading, outcome));
        });
        self.cancel = Some((cancel, thread));
    }

    fn stop(&mut self) {
        if let Some((cancel, thread)) = self.cancel.take() {
            cancel.now();
            let _ = thread.join();
        }
    }
}

fn read_keys(events: &Sender<Event>) {
    while let Ok(event) = event::read() {
        let event = match event {
            event::Event::Key(key) if key.kind == KeyEventKind::Press => {
                let control = key.modifiers.contains(KeyModifiers::CONTROL);
                let key = match key.code {
                    KeyCode::Char('c') if control => Key::Quit,
                    KeyCode::Char('q') | KeyCode::Esc => Key::Quit,
                    KeyCode::Char('h') => Key::Hint,
                    KeyCode::Char('n') => Key::Next,
                    KeyCode::Char('l') => Key::List,
                    KeyCode::Char('r') => Key::Run,
                    KeyCode::Up | KeyCode::Char('k') => Key::Up,
                    KeyCode::Down | KeyCode::Char('j') => Key::Down,
                    KeyCode::Enter => Key::Enter,
                    _ => continue,
                };
                Event::Key(key)
            }
            event::Event::Resize(..) => Event::Resized,
            _ => continue,
        };
        if events.send(event).is_err() {
            return;
        }
    }
}
