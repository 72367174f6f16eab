use crate::HeatError;

/// The four numbers of one time step, checked once and then trusted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Diffusion {
    /// Diffusion constant, in area per time.
    pub(crate) a: f64,
    /// Time step.
    pub(crate) dt: f64,
    /// Distance between rows, squared.
    pub(crate) dx2: f64,
    /// Distance between columns, squared.
    pub(crate) dy2: f64,
}

impl Diffusion {
    /// Parameters of a stable step.
    ///
    /// `a` is the diffusion constant (area per time), `dt` the time step, and
    /// `dx2`, `dy2` the squared distances between rows and between columns.
    ///
    /// # Errors
    ///
    /// - [`HeatError::Parameter`] when a value is not finite, `a` or `dt` is
    ///   negative, or `dx2` or `dy2` is not positive.
    /// - [`HeatError::Unstable`] when `dt` is beyond
    ///   [`Diffusion::largest_stable_dt`]: errors would grow with every step.
    ///
    /// ```
    /// use heat::Diffusion;
    /// let dt = Diffusion::largest_stable_dt(0.5, 1e-4, 1e-4);
    /// assert!(Diffusion::new(0.5, dt, 1e-4, 1e-4).is_ok());
    /// assert!(Diffusion::new(0.5, 1.01 * dt, 1e-4, 1e-4).is_err());
    /// ```
    pub fn new(a: f64, dt: f64, dx2: f64, dy2: f64) -> Result<Self, HeatError> {
        for (name, value) in [("a", a), ("dt", dt)] {
            if !(value.is_finite() && value >= 0.0) {
                let limit = "finite and not negative";
                return Err(HeatError::Parameter { name, value, limit });
            }
        }
        for (name, value) in [("dx2", dx2), ("dy2", dy2)] {
            if !(value.is_finite() && value > 0.0) {
                let limit = "finite and positive";
                return Err(HeatError::Parameter { name, value, limit });
            }
        }
        let limit = Self::largest_stable_dt(a, dx2, dy2);
        // `limit` is NaN only when a product underflowed to 0/0; the step is
        // then refused, because nothing proves it stable.
        if dt > limit || limit.is_nan() {
            return Err(HeatError::Unstable { dt, limit });
        }
        Ok(Self { a, dt, dx2, dy2 })
    }

    /// The same without any check, for the lesson that shows the blow-up and
    /// for the classic C symbol, which has no way to report an error.
    ///
    /// Whatever the values, stepping stays within the arrays; the numbers in
    /// them may grow to infinity or become NaN.
    #[must_use]
    pub const fn unchecked(a: f64, dt: f64, dx2: f64, dy2: f64) -> Self {
        Self { a, dt, dx2, dy2 }
    }

    /// The longest time step for which the scheme is stable:
    /// `dx2*dy2 / (2*a*(dx2 + dy2))`, from von Neumann's analysis.
    ///
    /// It is infinite for `a = 0`, where nothing flows.
    #[must_use]
    pub fn largest_stable_dt(a: f64, dx2: f64, dy2: f64) -> f64 {
        dx2 * dy2 / (2.0 * a * (dx2 + dy2))
    }
}
