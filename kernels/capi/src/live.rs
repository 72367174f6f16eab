//! What the library has handed out and not yet taken back.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::status::{Failure, KERNELS_ERROR_HANDLE};

/// A table of the objects that C holds by address, with what the library needs
/// to know of each.
///
/// A free of something unknown, or a second free, finds no entry and becomes a
/// status: no memory is touched that is not ours. (An address that was freed
/// and handed out again is a new object; no table can tell the two apart.)
///
/// The keys are the complements of the addresses. A leak checker looks for
/// addresses in memory: it would take this table for the owner of everything
/// that C forgets to give back, and report no leak.
pub(crate) struct Live<T> {
    kind: &'static str,
    objects: Mutex<BTreeMap<usize, T>>,
}

impl<T> Live<T> {
    pub(crate) const fn new(kind: &'static str) -> Self {
        let objects = Mutex::new(BTreeMap::new());
        Self { kind, objects }
    }

    pub(crate) fn insert(&self, address: usize, object: T) {
        self.lock().insert(!address, object);
    }

    pub(crate) fn take(&self, address: usize) -> Result<T, Failure> {
        let object = self.lock().remove(&!address);
        object.ok_or_else(|| self.unknown(address))
    }

    pub(crate) fn get(&self, address: usize) -> Result<T, Failure>
    where
        T: Clone,
    {
        let object = self.lock().get(&!address).cloned();
        object.ok_or_else(|| self.unknown(address))
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<usize, T>> {
        // No code can panic half-way through a change of the map.
        self.objects.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn unknown(&self, address: usize) -> Failure {
        let kind = self.kind;
        Failure::new(
            KERNELS_ERROR_HANDLE,
            format!("{address:#x} is not a {kind} of this library, or it was freed before"),
        )
    }
}
