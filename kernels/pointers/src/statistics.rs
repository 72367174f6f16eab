use crate::PointerError;

/// Mean and variance of numbers that arrive one by one, in constant memory.
///
/// This is the state behind the opaque handle: C and Python hold a name for
/// it and never look inside. (Method: B. P. Welford, *Technometrics* 4(3),
/// 1962, pp. 419-420.)
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RunningStatistics {
    count: u64,
    mean: f64,
    /// Sum of squared distances from the mean so far.
    squares: f64,
}

impl RunningStatistics {
    /// Statistics of no numbers yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes in one number.
    pub fn push(&mut self, value: f64) {
        self.count += 1;
        let before = value - self.mean;
        #[expect(clippy::cast_precision_loss, reason = "nobody pushes 2^53 numbers")]
        let count = self.count as f64;
        self.mean += before / count;
        self.squares += before * (value - self.mean);
    }

    /// How many numbers were pushed.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The mean.
    ///
    /// # Errors
    ///
    /// [`PointerError::TooFew`] without at least one number.
    pub fn mean(&self) -> Result<f64, PointerError> {
        self.at_least(1)?;
        Ok(self.mean)
    }

    /// The sample variance (divided by count - 1).
    ///
    /// # Errors
    ///
    /// [`PointerError::TooFew`] without at least two numbers.
    pub fn variance(&self) -> Result<f64, PointerError> {
        self.at_least(2)?;
        #[expect(clippy::cast_precision_loss, reason = "nobody pushes 2^53 numbers")]
        let degrees_of_freedom = (self.count - 1) as f64;
        Ok(self.squares / degrees_of_freedom)
    }

    fn at_least(&self, needed: u64) -> Result<(), PointerError> {
        let count = self.count;
        if count < needed {
            return Err(PointerError::TooFew { count, needed });
        }
        Ok(())
    }
}
