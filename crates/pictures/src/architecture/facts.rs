//! What the system consists of, and what goes from one part to another: read from `system.json` and the definitions.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use system::{Function, System};

use crate::{
    Definition,
    architecture::parts::{Part, Shape},
};

/// What goes from one part to another, by the names of the parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flow {
    pub from: String,
    pub to: String,
    pub label: String,
    /// Happens only after a failure.
    pub after_failure: bool,
    /// Leads back to a part that comes earlier.
    pub back: bool,
}

const CUSTOMERS: &str = "Customers";
const FACTORIES: &str = "Factories";
const OPERATIONS: &str = "Operations";
const SCHEDULER: &str = "EventBridge";
/// The subscription of the queue is in `terraform/messaging.tf`, not in `system.json`.
const TOPIC: (&str, &str) = ("depletion topic", "stock_queue");

/// The system, and the functions that each of its state machines invokes.
pub struct Facts<'a> {
    system: &'a System,
    invoked: BTreeMap<&'a str, BTreeSet<String>>,
    /// What each state machine is for: the first sentence of its comment.
    purposes: BTreeMap<&'a str, String>,
}

impl<'a> Facts<'a> {
    pub fn of(system: &'a System) -> Result<Self> {
        let (mut invoked, mut purposes) = (BTreeMap::new(), BTreeMap::new());
        for machine in system.state_machines.keys() {
            let definition = Definition::of(system, machine)?;
            let functions = definition.functions().into_iter().map(str::to_owned).collect();
            invoked.insert(machine.as_str(), functions);
            purposes.insert(machine.as_str(), definition.purpose().to_owned());
        }
        Ok(Self { system, invoked, purposes })
    }

    /// The boxes of the picture.
    pub fn parts(&self) -> Vec<Part> {
        let people = [CUSTOMERS, FACTORIES, OPERATIONS].map(|name| Part::new(name, Shape::Person));
        let others = [(TOPIC.0, Shape::Topic), (SCHEDULER, Shape::Service)];
        let others = others.map(|(name, shape)| Part::new(name, shape));
        let alone = self.system.functions.iter().filter(|(name, _)| self.is_alone(name));
        people
            .into_iter()
            .chain(alone.map(|(name, function)| self.function(name, function)))
            .chain(self.system.queues.keys().map(|name| self.queue(name)))
            .chain(self.invoked.iter().map(|(name, steps)| self.machine(name, steps)))
            .chain(others)
            .collect()
    }

    /// Functions that something else than a state machine invokes have a box of their own.
    fn is_alone(&self, function: &str) -> bool {
        self.system.reports_of_ended_executions.function == function
            || !self.invoked.values().any(|functions| functions.contains(function))
    }

    fn function(&self, name: &str, function: &Function) -> Part {
        let routes = self.system.routes.iter().filter(|(_, invokes)| *invokes == name);
        let routes = routes.map(|(route, _)| route.clone()).collect();
        Part { details: routes, ..Part::new(name, Shape::Function(function.placement)) }
    }

    fn queue(&self, name: &str) -> Part {
        let routes = self.system.queue_routes.iter().filter(|(_, route)| route.queue == name);
        // Two lines for a long route.
        let routes = routes.flat_map(|(route, _)| match route.rsplit_once("/{") {
            Some((path, parameter)) => vec![path.to_owned(), format!("/{{{parameter}")],
            None => vec![route.clone()],
        });
        Part { details: routes.collect(), ..Part::new(name, Shape::Queue) }
    }

    fn machine(&self, name: &str, steps: &BTreeSet<String>) -> Part {
        let steps = steps.iter().filter(|step| !self.is_alone(step));
        let placed = steps
            .filter_map(|step| Some((step.clone(), self.system.functions.get(step)?.placement)));
        let details = self.purposes.get(name).cloned().into_iter().collect();
        Part { steps: placed.collect(), details, ..Part::new(name, Shape::Machine) }
    }

    /// The arrows of the picture: one between two parts, in each direction.
    pub fn flows(&self) -> Vec<Flow> {
        let mut flows: Vec<Flow> = Vec::new();
        let all = self.requests().into_iter().chain(self.messages());
        for flow in all.chain(self.calls()).chain(self.events()) {
            let known = flows.iter().any(|known| known.from == flow.from && known.to == flow.to);
            if !known {
                flows.push(flow);
            }
        }
        flows
    }

    /// What comes in by HTTP.
    fn requests(&self) -> Vec<Flow> {
        let functions = self.system.routes.values();
        let functions = functions.map(|function| flow(CUSTOMERS, function, ""));
        let queues = self.system.queue_routes.values();
        functions.chain(queues.map(|route| flow(FACTORIES, &route.queue, "callback"))).collect()
    }

    /// Where the messages of each queue go.
    fn messages(&self) -> Vec<Flow> {
        let mut flows = vec![flow(TOPIC.0, TOPIC.1, "")];
        for (name, queue) in &self.system.queues {
            flows.extend(queue.consumer.iter().map(|consumer| flow(name, consumer, "")));
            let set_aside = queue.dead_letters_to.iter();
            flows.extend(set_aside.map(|to| failure(name, to, "set aside")));
            // A queue without a consumer is one that operators read.
            if queue.consumer.is_none() {
                flows.push(Flow { back: true, ..failure(name, TOPIC.1, "redrive") });
            }
        }
        flows
    }

    /// What each function calls. A step calls in the name of each state machine that invokes it.
    fn calls(&self) -> Vec<Flow> {
        let mut flows = Vec::new();
        for (name, function) in &self.system.functions {
            let machines = self.invoked.iter().filter(|(_, functions)| functions.contains(name));
            let machines = machines.map(|(machine, _)| *machine).collect();
            let callers = if self.is_alone(name) { vec![name.as_str()] } else { machines };
            for called in self.called(name, function) {
                let by = |caller: &&str| Flow { from: (*caller).to_owned(), ..called.clone() };
                flows.extend(callers.iter().map(by));
            }
        }
        flows
    }

    /// What a function calls, by its permissions and its settings.
    fn called(&self, name: &str, function: &Function) -> Vec<Flow> {
        let orders = function.environment.contains_key("FACTORY_HOSTS");
        let mut flows = Vec::from_iter(orders.then(|| flow(name, FACTORIES, "production order")));
        for statement in &function.iam {
            for action in &statement.actions {
                let resources = statement.resources.iter();
                flows.extend(resources.filter_map(|to| self.permitted(name, action, to)));
            }
        }
        flows
    }

    /// The flow that a permission is for. A permission to look at something is for none.
    fn permitted(&self, function: &str, action: &str, resource: &str) -> Option<Flow> {
        let name = resource.trim_start_matches("${").trim_end_matches("_arn}");
        let machine = name.trim_end_matches("_machine");
        match action {
            "states:StartSyncExecution" => Some(flow(function, machine, "runs")),
            "states:StartExecution" => Some(flow(function, machine, "starts")),
            "states:SendTaskSuccess" => {
                Some(Flow { back: true, ..flow(function, machine, "continues") })
            }
            "sns:Publish" => Some(flow(function, TOPIC.0, "depletion")),
            "sqs:SendMessage" => self.sent(function, name),
            "ses:SendEmail" => Some(flow(function, OPERATIONS, "mail")),
            _ => None,
        }
    }

    /// A message to a queue. A consumer that puts a message back into its own queue is not drawn.
    fn sent(&self, function: &str, queue: &str) -> Option<Flow> {
        match self.system.queues.get(queue)?.consumer.as_deref() {
            Some(consumer) if consumer == function => None,
            Some(_) => Some(flow(function, queue, "")),
            None => Some(failure(function, queue, "")),
        }
    }

    /// What operators, schedules and the end of an execution start.
    fn events(&self) -> Vec<Flow> {
        let operators = self.system.invoked_by_operators.iter();
        let mut flows: Vec<Flow> =
            operators.map(|function| flow(OPERATIONS, function, "")).collect();
        for schedule in self.system.schedules.values() {
            let every = schedule.expression.replace("rate(", "every ").replace(')', "");
            flows.push(flow(SCHEDULER, &schedule.state_machine, &every));
        }
        for (machine, functions) in &self.invoked {
            let alone = functions.iter().filter(|function| self.is_alone(function));
            flows.extend(alone.map(|function| failure(machine, function, "")));
        }
        let sweeps = &self.system.sweeps_of_ended_executions;
        let sweep = failure(&sweeps.of, &sweeps.starts, "failed or stopped");
        flows.push(Flow { back: true, ..sweep });
        flows
    }
}

fn flow(from: &str, to: &str, label: &str) -> Flow {
    Flow {
        from: from.to_owned(),
        to: to.to_owned(),
        label: label.to_owned(),
        after_failure: false,
        back: false,
    }
}

fn failure(from: &str, to: &str, label: &str) -> Flow {
    Flow { after_failure: true, ..flow(from, to, label) }
}
