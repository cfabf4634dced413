//! What the faults are called.

use std::collections::HashSet;

use super::*;

#[test]
fn every_fault_is_read_back_from_its_own_name() {
    for fault in Fault::ALL {
        assert_eq!(fault.to_string().parse(), Ok(fault));
        assert_eq!(fault.name().replace('-', "_").parse(), Ok(fault));
    }
}

#[test]
fn no_two_faults_share_a_name() {
    let names: HashSet<_> = Fault::ALL.map(Fault::name).into();
    assert_eq!(names.len(), Fault::ALL.len());
}

#[test]
fn a_fault_with_a_time_takes_any_and_has_one_of_its_own() {
    let late = Fault::CallsBackLate;
    assert_eq!("calls-back-late:90s".parse(), Ok(late(Duration::from_secs(90))));
    assert_eq!("calls-back-late".parse(), Ok(late(Duration::from_secs(60))));
    assert_eq!(
        Fault::AnswersAfter(Duration::from_millis(1500)).to_string(),
        "answers-after:1s 500ms"
    );
}

#[test]
fn a_name_that_is_none_is_answered_with_those_that_are() {
    for text in ["", "sulks", "crashes:5s", "answers-after:soon", "answers-after:"] {
        let parsed = text.parse::<Fault>();
        let told = parsed.is_err_and(|error| error.to_string().contains("refuses-connections"));
        assert!(told, "{text}");
    }
}
