//! What the watcher knows, and what each key and event does to it. No drawing, no files.

use crate::outcome::{Build, Outcome, Test};
use crate::registry::Exercise;

/// What the learner looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Screen {
    /// One exercise and its tests.
    Exercise,
    /// All exercises; one is chosen.
    List,
}

/// What happens outside.
#[derive(Debug)]
pub enum Event {
    /// A key was pressed.
    Key(Key),
    /// A file of this learner's was saved.
    Saved,
    /// A build ended in the grading of this number.
    Built(u64, Build),
    /// A test ended in the grading of this number.
    Tested(u64, Test),
    /// A grading ended.
    Graded(u64, Result<Outcome, String>),
    /// The window has another size.
    Resized,
    /// Time passed.
    Tick,
}

/// The keys that do something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// Show a hint.
    Hint,
    /// Go to the next exercise that is not passed.
    Next,
    /// Show the list, or go back from it.
    List,
    /// Grade again.
    Run,
    /// Leave.
    Quit,
    /// Up in the list or text.
    Up,
    /// Down in the list or text.
    Down,
    /// Take what is chosen.
    Enter,
}

/// What has to be done outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Nothing.
    None,
    /// Grade the current exercise; earlier gradings no longer count.
    Grade,
    /// Get one more hint.
    Hint,
    /// Leave.
    Quit,
}

/// The state of the watcher.
#[derive(Debug)]
pub struct App {
    /// All exercises.
    pub exercises: Vec<Exercise>,
    /// Points reached at best, and whether passed, for each of them.
    pub reached: Vec<(f64, bool)>,
    /// Which is looked at.
    pub current: usize,
    /// Which is chosen in the list.
    pub chosen: usize,
    /// What is on the screen.
    pub screen: Screen,
    /// Lines scrolled down.
    pub scroll: u16,
    /// Which grading counts. Others that are still on their way are out of date.
    pub grading: u64,
    /// It has not ended.
    pub running: bool,
    /// Builds that ended.
    pub builds: Vec<Build>,
    /// Tests that ended.
    pub tests: Vec<Test>,
    /// The last outcome of the current exercise.
    pub outcome: Option<Outcome>,
    /// Grading did not work at all.
    pub error: Option<String>,
    /// Hints that are open.
    pub hints: Vec<String>,
    /// Ticks since the start, for what moves.
    pub ticks: usize,
    /// A word about how files are watched.
    pub note: Option<String>,
}

impl App {
    /// Start with the first exercise that is not passed.
    pub fn new(exercises: Vec<Exercise>, reached: Vec<(f64, bool)>, note: Option<String>) -> Self {
        let current = reached.iter().position(|(_, passed)| !passed).unwrap_or(0);
        Self {
            exercises,
            reached,
            current,
            chosen: current,
            screen: Screen::Exercise,
            scroll: 0,
            grading: 0,
            running: false,
            builds: Vec::new(),
            tests: Vec::new(),
            outcome: None,
            error: None,
            hints: Vec::new(),
            ticks: 0,
            note,
        }
    }

    /// The exercise that is looked at.
    pub fn exercise(&self) -> &Exercise {
        &self.exercises[self.current]
    }

    /// How many are passed.
    pub fn passed(&self) -> usize {
        self.reached.iter().filter(|(_, passed)| *passed).count()
    }

    /// Points of all exercises together: reached, and possible.
    pub fn points(&self) -> (f64, f64) {
        let reached = self.reached.iter().map(|(points, _)| points).sum();
        (
            reached,
            self.exercises.iter().map(|exercise| exercise.points).sum(),
        )
    }

    /// Take note of an event, and say what has to be done.
    pub fn handle(&mut self, event: Event) -> Effect {
        match event {
            Event::Key(key) => self.key(key),
            Event::Saved => self.begin(),
            Event::Built(grading, build) => {
                if grading == self.grading {
                    self.builds.push(build);
                }
                Effect::None
            }
            Event::Tested(grading, test) => {
                if grading == self.grading {
                    self.tests.push(test);
                }
                Effect::None
            }
            Event::Graded(grading, outcome) => {
                if grading == self.grading {
                    self.graded(outcome);
                }
                Effect::None
            }
            Event::Resized => Effect::None,
            Event::Tick => {
                self.ticks = self.ticks.wrapping_add(1);
                Effect::None
            }
        }
    }

    fn key(&mut self, key: Key) -> Effect {
        match (key, self.screen) {
            (Key::Quit, _) => return Effect::Quit,
            (Key::Run, _) => {
                self.screen = Screen::Exercise;
                return self.begin();
            }
            (Key::Hint, _) => {
                self.screen = Screen::Exercise;
                return Effect::Hint;
            }
            (Key::Next, _) => return self.go_to(self.next()),
            (Key::List, Screen::Exercise) => {
                self.screen = Screen::List;
                self.chosen = self.current;
            }
            (Key::List, Screen::List) => self.screen = Screen::Exercise,
            (Key::Enter, Screen::List) => return self.go_to(self.chosen),
            (Key::Up, Screen::List) => self.chosen = self.chosen.saturating_sub(1),
            (Key::Down, Screen::List) => {
                self.chosen = (self.chosen + 1).min(self.exercises.len() - 1);
            }
            (Key::Up, Screen::Exercise) => self.scroll = self.scroll.saturating_sub(1),
            (Key::Down, Screen::Exercise) => self.scroll = self.scroll.saturating_add(1),
            (Key::Enter, Screen::Exercise) => {}
        }
        Effect::None
    }

    /// The next exercise that is not passed, or else the one after this.
    fn next(&self) -> usize {
        let count = self.exercises.len();
        (1..count)
            .map(|step| (self.current + step) % count)
            .find(|index| !self.reached[*index].1)
            .unwrap_or((self.current + 1) % count)
    }

    fn go_to(&mut self, index: usize) -> Effect {
        self.current = index;
        self.chosen = index;
        self.screen = Screen::Exercise;
        self.hints.clear();
        self.outcome = None;
        self.begin()
    }

    /// A new grading begins, and what was there before is out of date.
    pub fn begin(&mut self) -> Effect {
        self.grading += 1;
        self.running = true;
        self.builds.clear();
        self.tests.clear();
        self.error = None;
        self.scroll = 0;
        Effect::Grade
    }

    fn graded(&mut self, outcome: Result<Outcome, String>) {
        self.running = false;
        match outcome {
            Ok(outcome) => {
                let reached = &mut self.reached[self.current];
                reached.0 = reached.0.max(outcome.earned());
                reached.1 |= outcome.passed();
                self.builds.clone_from(&outcome.builds);
                self.tests.clone_from(&outcome.tests);
                self.outcome = Some(outcome);
            }
            Err(error) => self.error = Some(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{App, Effect, Event, Key, Screen};
    use crate::outcome::{Outcome, Test};
    use crate::registry::{Exercise, Intended, Language};

    fn exercise(number: u32) -> Exercise {
        Exercise {
            number,
            name: format!("e{number}"),
            title: format!("Title {number}"),
            lesson: "lesson".into(),
            minutes: 10,
            language: Language::Python,
            points: 2.0,
            hints: ["mild".into(), "strong".into()],
            edit: vec!["a.py".into()],
            starter: Intended {
                fails: "t".into(),
                says: "s".into(),
            },
        }
    }

    fn app(passed: [bool; 3]) -> App {
        let reached = passed
            .map(|passed| (f64::from(u8::from(passed)) * 2.0, passed))
            .to_vec();
        App::new((1..=3).map(exercise).collect(), reached, None)
    }

    fn outcome(points: f64) -> Outcome {
        let test = Test {
            name: "t".into(),
            idea: "i".into(),
            points,
            hidden: false,
            seconds: 0.0,
            failure: None,
            output: String::new(),
            code: String::new(),
        };
        Outcome {
            exercise: 1,
            seconds: 0.0,
            isolation: String::new(),
            left_out: Vec::new(),
            builds: Vec::new(),
            tests: vec![test],
        }
    }

    #[test]
    fn starts_with_the_first_that_is_not_passed() {
        assert_eq!(app([true, false, false]).current, 1);
        assert_eq!(app([true, true, true]).current, 0);
    }

    #[test]
    fn a_save_begins_a_grading_and_an_old_one_no_longer_counts() {
        let mut app = app([false; 3]);
        assert_eq!(app.handle(Event::Saved), Effect::Grade);
        let old = app.grading;
        assert_eq!(app.handle(Event::Saved), Effect::Grade);
        app.handle(Event::Graded(old, Ok(outcome(2.0))));
        assert!(app.running);
        assert_eq!(app.passed(), 0);
        app.handle(Event::Graded(app.grading, Ok(outcome(2.0))));
        assert!(!app.running);
        assert_eq!(app.passed(), 1);
        assert_eq!(app.points(), (2.0, 6.0));
    }

    #[test]
    fn next_skips_what_is_passed() {
        let mut app = app([false, true, false]);
        assert_eq!(app.handle(Event::Key(Key::Next)), Effect::Grade);
        assert_eq!(app.current, 2);
        app.handle(Event::Key(Key::Next));
        assert_eq!(app.current, 0);
    }

    #[test]
    fn an_exercise_is_chosen_from_the_list() {
        let mut app = app([false; 3]);
        app.handle(Event::Key(Key::List));
        assert_eq!(app.screen, Screen::List);
        for _ in 0..5 {
            app.handle(Event::Key(Key::Down));
        }
        assert_eq!(app.handle(Event::Key(Key::Enter)), Effect::Grade);
        assert_eq!((app.current, app.screen), (2, Screen::Exercise));
    }

    #[test]
    fn what_was_reached_is_kept() {
        let mut app = app([true, false, false]);
        app.current = 0;
        app.begin();
        app.handle(Event::Graded(app.grading, Ok(outcome(0.5))));
        assert_eq!(app.reached[0], (2.0, true));
    }
}
