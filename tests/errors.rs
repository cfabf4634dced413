//! The errors that functions can return, in the code and in `system.json`.
#![allow(clippy::expect_used, reason = "a test fails by ending")]

use std::collections::{BTreeMap, BTreeSet};

use completion_workflow::{complete_task, receive_completion, record_arrival};
use errors::ErrorName;
use lambda_support::error_names;
use operations_workflow::{leave_dead_letter, report, send_mail};
use operator_access::{change_warehouse, inspect_warehouse};
use purchase_workflow::{
    check_stock, decrement_stock, list_products, publish_depletion, sales_api, show_product,
};
use restock_workflow::{
    await_completion, close_restock, increment_stock, open_restock, place_order, start_restock,
};
use system::System;

/// The errors of each function, from the type that its handler returns.
fn in_code() -> BTreeMap<&'static str, &'static [ErrorName]> {
    BTreeMap::from([
        ("sales-api", error_names(sales_api::handle)),
        ("check-stock", error_names(check_stock::handle)),
        ("decrement-stock", error_names(decrement_stock::handle)),
        ("publish-depletion", error_names(publish_depletion::handle)),
        ("show-product", error_names(show_product::handle)),
        ("list-products", error_names(list_products::handle)),
        ("start-restock", error_names(start_restock::handle)),
        ("open-restock", error_names(open_restock::handle)),
        ("place-order", error_names(place_order::handle)),
        ("place-private-order", error_names(place_order::handle)),
        ("await-completion", error_names(await_completion::handle)),
        ("increment-stock", error_names(increment_stock::handle)),
        ("close-restock", error_names(close_restock::handle)),
        ("leave-dead-letter", error_names(leave_dead_letter::handle)),
        ("send-mail", error_names(send_mail::handle)),
        ("report", error_names(report::handle)),
        ("receive-completion", error_names(receive_completion::handle)),
        ("record-arrival", error_names(record_arrival::handle)),
        ("complete-task", error_names(complete_task::handle)),
        ("find-depleted", error_names(sweep_workflow::find_depleted)),
        ("check-execution", error_names(sweep_workflow::check_execution)),
        ("inspect-warehouse", error_names(inspect_warehouse)),
        ("change-warehouse", error_names(change_warehouse)),
        ("record-report", error_names(sweep_workflow::record_report)),
    ])
}

#[test]
fn system_json_lists_for_each_function_the_errors_that_its_handler_returns() {
    let in_code = in_code();
    let functions = System::read().expect("system.json").functions;
    assert_eq!(
        in_code.keys().copied().collect::<BTreeSet<_>>(),
        functions.keys().map(String::as_str).collect()
    );
    for (name, function) in functions {
        let returned: BTreeSet<String> =
            in_code[name.as_str()].iter().map(ToString::to_string).collect();
        assert_eq!(function.errors, returned, "{name}");
    }
}
