use crate::PointerError;

/// One sensor's reading.
///
/// Rust may store the fields in any order, and does: the two small ones share a
/// word. The C skin has a struct of the same fields in C's layout.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reading {
    /// Number of the sensor.
    pub sensor: u8,
    /// Mean temperature, in degrees Celsius.
    pub celsius: f64,
    /// How many samples the mean is made of.
    pub samples: i32,
}

impl Reading {
    /// The reading with every temperature `degrees` warmer: a new struct from
    /// an old one, by value.
    #[must_use]
    pub fn warmed(self, degrees: f64) -> Self {
        Self {
            celsius: self.celsius + degrees,
            ..self
        }
    }

    /// Takes one more sample into the mean: changes the caller's struct.
    ///
    /// # Errors
    ///
    /// [`PointerError::Samples`] when the counter is full,
    /// [`PointerError::NegativeSamples`] when it is below 0. Nothing is changed.
    pub fn record(&mut self, celsius: f64) -> Result<(), PointerError> {
        if self.samples < 0 {
            return Err(PointerError::NegativeSamples {
                samples: self.samples,
            });
        }
        let samples = self.samples.checked_add(1).ok_or(PointerError::Samples {
            samples: self.samples,
        })?;
        self.celsius += (celsius - self.celsius) / f64::from(samples);
        self.samples = samples;
        Ok(())
    }
}
