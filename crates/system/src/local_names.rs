//! Names in the local AWS: region, account and ARNs.

/// The partition of the local AWS.
pub const PARTITION: &str = "aws";

/// The region of the local AWS.
pub const REGION: &str = "ap-northeast-2";

/// The account of the local AWS.
pub const ACCOUNT: &str = "000000000000";

/// The ARN of a function in the local AWS.
pub fn function_arn(name: &str) -> String {
    format!("arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}")
}

/// The ARN of a state machine in the local AWS.
pub fn machine_arn(name: &str) -> String {
    format!("arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:{name}")
}

/// The ARN of an execution of a state machine, on any deployment. The name `*` stands for all executions.
pub fn execution_arn(machine_arn: &str, name: &str) -> String {
    format!("{}:{name}", machine_arn.replacen(":stateMachine:", ":execution:", 1))
}

/// The ARN of a queue in the local AWS.
pub fn queue_arn(name: &str) -> String {
    format!("arn:aws:sqs:{REGION}:{ACCOUNT}:{name}")
}
