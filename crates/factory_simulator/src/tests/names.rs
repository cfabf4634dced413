//! The names of the faults.

use std::collections::HashSet;

use super::*;

#[test]
fn every_fault_can_be_parsed_from_its_name() {
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
fn a_fault_with_a_duration_accepts_any_and_has_a_default() {
    let late = Fault::CallsBackLate;
    assert_eq!("calls-back-late:90s".parse(), Ok(late(Duration::from_secs(90))));
    assert_eq!("calls-back-late".parse(), Ok(late(Duration::from_secs(60))));
    assert_eq!(
        Fault::AnswersAfter(Duration::from_millis(1500)).to_string(),
        "answers-after:1s 500ms"
    );
}

#[test]
fn the_error_for_an_unknown_name_lists_all_names() {
    for text in ["", "sulks", "crashes:5s", "answers-after:soon", "answers-after:"] {
        let parsed = text.parse::<Fault>();
        let lists_names =
            parsed.is_err_and(|error| error.to_string().contains("refuses-connections"));
        assert!(lists_names, "{text}");
    }
}
