//! What each idea gains: `cargo run --release -p heat --example ladder -- 4000 100`
//!
//! The arguments are the side of the grid, the steps in one call, and the
//! rounds. In each round the copy and all rungs take turns, and the shortest
//! time of each counts: so a machine with other work to do still compares like
//! with like. Times are per step, in units of one copy of the grid.

#[path = "../benches/rungs/mod.rs"]
mod rungs;

use std::hint::black_box;
use std::time::Instant;

use heat::{Element, Plan, evolve, evolve_steps_with, field};
use rungs::{Numbers, Pair, RUNGS};

fn main() {
    let mut arguments = std::env::args().skip(1).map(|word| word.parse());
    let mut next = |otherwise: u64| match arguments.next() {
        Some(Ok(number)) => number,
        Some(Err(error)) => panic!("usage: ladder [side] [steps] [rounds]: {error}"),
        None => otherwise,
    };
    let (n, steps, rounds) = (next(4000), next(100), next(5));
    let n = usize::try_from(n).expect("a side that fits the memory");

    let numbers = Numbers::new();
    let u = field::mug(n, n).expect("a grid of the benchmarks fits");
    let mut pair = Pair { p: u.clone(), u };
    let mut u32 = pair.u.mapv(f32::from_f64);
    let mut p32 = u32.clone();
    let mut best = Best::default();
    for _ in 0..rounds {
        for _ in 0..3 {
            let Pair { u, p } = &mut pair;
            best.time("copy", 1, || {
                p.as_slice_mut()
                    .expect("row by row")
                    .copy_from_slice(u.as_slice().expect("row by row"));
                black_box(p);
            });
        }
        best.time("evolve", 5, || {
            let Pair { u, p } = &mut pair;
            for _ in 0..5 {
                evolve(u.view_mut(), p.view_mut(), &numbers.diffusion).expect("one shape");
            }
        });
        for (index, (name, run)) in RUNGS.into_iter().enumerate() {
            // The slow ones take their full time a step from the first.
            let steps = if index < 4 { steps.min(5) } else { steps };
            best.time(name, steps, || run(&mut pair, steps, &numbers));
        }
        for (name, threads) in [("f32, 1 thread", 1), ("f32, 2 threads", 2)] {
            let plan = Plan::for_threads::<f32>(n, n, steps, threads);
            let (u, p) = (u32.view_mut(), p32.view_mut());
            best.time(name, steps, || {
                evolve_steps_with(u, p, steps, &numbers.diffusion, &plan).expect("one shape");
            });
        }
    }
    let copy = best.0[0].1;
    println!("{n} x {n}, {steps} steps a call, shortest of {rounds}");
    for (name, seconds) in best.0 {
        let cell = 1e9 * seconds / (n * n) as f64;
        println!(
            "{name:16} {:6.3} x copy {cell:7.4} ns a cell",
            seconds / copy
        );
    }
}

/// The shortest time a step so far, by name, in seconds.
#[derive(Default)]
struct Best(Vec<(&'static str, f64)>);

impl Best {
    fn time(&mut self, name: &'static str, steps: u64, run: impl FnOnce()) {
        let start = Instant::now();
        run();
        let seconds = start.elapsed().as_secs_f64() / steps as f64;
        match self.0.iter_mut().find(|(known, _)| *known == name) {
            Some((_, shortest)) => *shortest = shortest.min(seconds),
            None => self.0.push((name, seconds)),
        }
    }
}
