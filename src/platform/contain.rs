//! One panic harms one request.
//!
//! On `wasm32-unknown-unknown` a panic cannot be caught: it ends in a trap that cuts the stack off.
//! The instance itself lives on, with every other request in it, if three things are seen to:
//!
//! 1. the request that panicked must be answered, or it hangs: each piece of work is polled inside
//!    [`contain`], and the panic hook, which still runs in the middle of that poll, gives up the one
//!    being polled, so that whoever waits for it gets `None`;
//! 2. requests queued behind it in the same microtask must be polled: giving up wakes the waiter,
//!    which schedules the queue anew;
//! 3. the wasm stack pointer must go back to the top: `shim.js` does that at the next event.
//!
//! What the work had allocated leaks, and a `RefCell` it had borrowed stays borrowed: so nothing that
//! outlives a request is borrowed across a call that could panic.

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use futures_channel::oneshot;

thread_local! {
    static POLLED: RefCell<Option<Rc<dyn GiveUp>>> = const { RefCell::new(None) };
    static HOOKED: Cell<bool> = const { Cell::new(false) };
}

trait GiveUp {
    fn give_up(&self);
}

/// Where the output of contained work goes; dropped without one when the work panicked.
struct Answer<T>(Cell<Option<oneshot::Sender<T>>>);

impl<T> GiveUp for Answer<T> {
    fn give_up(&self) {
        drop(self.0.take());
    }
}

struct Contained<F: Future> {
    work: Pin<Box<F>>,
    answer: Rc<Answer<F::Output>>,
}

impl<F: Future> Future for Contained<F>
where
    F::Output: 'static,
{
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let this = self.get_mut();
        POLLED.replace(Some(this.answer.clone()));
        let polled = this.work.as_mut().poll(context);
        POLLED.replace(None);
        polled.map(|output| {
            if let Some(waiting) = this.answer.0.take() {
                // The one who waited may have gone; then nobody misses the output.
                let _ = waiting.send(output);
            }
        })
    }
}

/// Runs `work` and gives its output, or `None` if it panicked.
pub async fn contain<F>(work: F) -> Option<F::Output>
where
    F: Future + 'static,
    F::Output: 'static,
{
    if !HOOKED.replace(true) {
        std::panic::set_hook(Box::new(on_panic));
    }
    let (sender, receiver) = oneshot::channel();
    let answer = Rc::new(Answer(Cell::new(Some(sender))));
    wasm_bindgen_futures::spawn_local(Contained { work: Box::pin(work), answer });
    receiver.await.ok()
}

fn on_panic(panic: &std::panic::PanicHookInfo<'_>) {
    // A panic message is written by us and by libraries, from places and counts: no secret is near it.
    let cause = crate::error::Error::internal(panic);
    super::log::error("panic", &super::log::RequestId::random(), &cause, serde_json::json!({}));
    if let Some(polled) = POLLED.take() {
        polled.give_up();
    }
}
