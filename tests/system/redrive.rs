//! `restock dead-letters redrive`: what it moves, and what it leaves visible when it ends early.

use std::{
    io::{Error, ErrorKind, Write},
    time::Duration,
};

use factory_simulator::Fault;
use operations::{
    redrive::{Redriven, Request, conclude, redrive, redrive_until},
    stop::Stop,
};
use system_testkit::{FIRST_RESTOCK, LONG_WAIT, Orders, System};
use testkit::{database::SKU, polling::within};
use tokio::time::{Instant, timeout};

const WITHIN: Duration = Duration::from_secs(60);

/// A dead letter of a product whose stock is above its reorder point, so that its redrive orders nothing.
fn letter(cycle: u32) -> String {
    format!(r#"{{"sku":"{SKU}","restock_cycle":{cycle},"stock":0,"reason":"redrive"}}"#)
}

async fn with_letters(number: u32) -> System {
    let system = System::with(20, LONG_WAIT).await;
    system.buy_several("some", 1).await;
    for cycle in 1..=number {
        system.leave_dead_letter(&letter(cycle)).await;
    }
    system
}

async fn redriven(system: &System, request: Request<'_>) -> String {
    let mut out = Vec::new();
    let done = redrive_until(&system.queues, request, &Stop::default(), &mut out).await;
    let done = done.expect("a redrive");
    conclude(done, request.dry_run, &mut out).expect("nothing is in flight");
    String::from_utf8(out).expect("text")
}

#[tokio::test]
async fn a_redrive_ends_while_every_restock_that_it_starts_fails_again() {
    let system = System::with(0, LONG_WAIT).await;
    system.set_fault(Fault::Answers400NotTaken, Orders::All).await;
    system.buy_sold_out().await;
    assert_eq!(system.final_status(&system.restocks(), FIRST_RESTOCK).await, "FAILED");
    system.wait_for_dead_letters(1).await;
    let mut out = Vec::new();
    let done = timeout(WITHIN, redrive(&system.queues, None, false, &mut out)).await;
    assert_eq!(done.expect("it ends").expect("a redrive").moved, 1);
    system.wait_for_dead_letters(1).await;
    system.clear_fault().await;
    redrive(&system.queues, None, false, &mut out).await.expect("a redrive");
    system.wait_until_queue_is_empty().await;
    system.finish().await;
}

#[tokio::test]
async fn letters_that_are_sent_after_the_start_of_a_look_stay_visible() {
    let system = with_letters(12).await;
    let sending = async {
        for cycle in 100.. {
            system.leave_dead_letter(&letter(cycle)).await;
        }
    };
    let stop = Stop::default();
    let look = tokio::select! {
        look = timeout(WITHIN, system.queues.look(&stop)) => look.expect("it ends").expect("a look"),
        () = sending => unreachable!("letters never end"),
    };
    let held = look.letters().len();
    // A few may have been sent while the look counted what was there.
    assert!((12..30).contains(&held), "{held}");
    look.end().await.expect("all are put back");
    let visible = system.visible_dead_letters().await;
    assert!(visible > held, "{visible} letters were sent");
    system.purge(&system.cloud.outputs.dead_letter_queue_url).await;
    system.finish().await;
}

#[tokio::test]
async fn letters_that_another_operator_has_received_are_counted_and_are_an_error() {
    let system = with_letters(1).await;
    let receipt = system.hide_dead_letter().await;
    for dry_run in [true, false] {
        let (request, mut out) = (Request { sku: None, dry_run }, Vec::new());
        let done = redrive_until(&system.queues, request, &Stop::default(), &mut out).await;
        let done = done.expect("a redrive");
        assert_eq!(done.0, Redriven { moved: 0, left: 1 });
        let error = conclude(done, dry_run, &mut out).expect_err("a letter is in flight");
        let error = error.to_string();
        assert!(error.starts_with("dead letters in flight: 1. "), "{error}");
        assert!(error.contains("hidden until 20"), "{error}");
    }
    system.show_dead_letter(&receipt).await;
    let shown = redriven(&system, Request { sku: None, dry_run: true }).await;
    assert!(shown.ends_with("1 would be moved, 1 in dead_letter_queue now (dry run)\n"), "{shown}");
    let shown = redriven(&system, Request::default()).await;
    assert!(shown.ends_with("1 moved, 0 left in dead_letter_queue\n"), "{shown}");
    system.wait_until_queue_is_empty().await;
    system.finish().await;
}

/// As `dead-letters redrive | head -1`: takes a line, and then no more.
struct Head(u32);

impl Write for Head {
    fn write(&mut self, text: &[u8]) -> std::io::Result<usize> {
        if self.0 == 0 {
            return Err(Error::from(ErrorKind::BrokenPipe));
        }
        self.0 -= u32::try_from(text.iter().filter(|byte| **byte == b'\n').count()).unwrap_or(1);
        Ok(text.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn a_redrive_whose_output_is_closed_puts_back_the_rest() {
    let system = with_letters(12).await;
    redrive(&system.queues, None, true, &mut Head(1)).await.expect_err("a closed output");
    assert_eq!(system.visible_dead_letters().await, 12, "after a dry run");
    let error = redrive(&system.queues, None, false, &mut Head(1)).await.expect_err("closed");
    assert_eq!(error.to_string(), "2 moved, 10 put back into dead_letter_queue");
    assert_eq!(system.visible_dead_letters().await, 10);
    redrive(&system.queues, None, false, &mut Vec::new()).await.expect("a redrive");
    system.wait_until_queue_is_empty().await;
    system.finish().await;
}

/// Asks to stop while the first line is printed.
struct Stopping(Stop);

impl Write for Stopping {
    fn write(&mut self, text: &[u8]) -> std::io::Result<usize> {
        self.0.request();
        Ok(text.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn a_redrive_that_is_stopped_puts_back_the_rest() {
    let system = with_letters(12).await;
    let stop = Stop::default();
    let mut out = Stopping(stop.clone());
    let stopped = redrive_until(&system.queues, Request::default(), &stop, &mut out).await;
    let error = operations::text::error_line(&stopped.expect_err("it was stopped"));
    assert_eq!(error, "1 moved, 11 put back into dead_letter_queue: stopped by a signal");
    assert_eq!(system.visible_dead_letters().await, 11);
    redrive(&system.queues, None, false, &mut Vec::new()).await.expect("a redrive");
    system.wait_until_queue_is_empty().await;
    system.finish().await;
}

#[tokio::test]
async fn a_look_that_is_killed_hides_its_letters_for_half_a_minute_at_most() {
    let system = with_letters(1).await;
    let look = system.queues.look(&Stop::default()).await.expect("a look");
    assert_eq!(system.visible_dead_letters().await, 0);
    let began = Instant::now();
    drop(look);
    // As after SIGKILL: nothing is put back.
    within(WITHIN, "the letter is visible again", async || {
        (system.visible_dead_letters().await == 1).then_some(())
    })
    .await;
    assert!(began.elapsed() < Duration::from_secs(35), "{:?}", began.elapsed());
    system.purge(&system.cloud.outputs.dead_letter_queue_url).await;
    system.finish().await;
}

#[tokio::test]
async fn a_redrive_of_a_product_without_letters_is_an_error_that_says_which_there_are() {
    let system = with_letters(2).await;
    let sku = "NO-SUCH".parse().expect("an SKU");
    let error = redrive(&system.queues, Some(&sku), false, &mut Vec::new()).await;
    let error = error.expect_err("nothing to move").to_string();
    assert!(error.starts_with("no dead letter is about NO-SUCH, so nothing was moved."), "{error}");
    assert!(error.contains("Dead letters: 2 about CP-502101."), "{error}");
    assert_eq!(system.visible_dead_letters().await, 2);
    system.purge(&system.cloud.outputs.dead_letter_queue_url).await;
    system.finish().await;
}
