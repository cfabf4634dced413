//! Pages of the AWS console. Each partition has a console of its own. `terraform/names.tf` makes the same links, for mails.

/// The page of an execution, by its ARN.
pub fn execution(arn: &str) -> String {
    let mut parts = arn.split(':').skip(1);
    let host = match parts.next() {
        Some("aws-cn") => "console.amazonaws.cn",
        Some("aws-us-gov") => "console.amazonaws-us-gov.com",
        _ => "console.aws.amazon.com",
    };
    let region = parts.nth(1).unwrap_or_default();
    format!("https://{region}.{host}/states/home?region={region}#/v2/executions/details/{arn}")
}

#[test]
fn each_partition_has_its_own_console() {
    for (partition, region, host) in [
        ("aws", "ap-northeast-2", "console.aws.amazon.com"),
        ("aws-cn", "cn-north-1", "console.amazonaws.cn"),
        ("aws-us-gov", "us-gov-west-1", "console.amazonaws-us-gov.com"),
    ] {
        let arn = format!("arn:{partition}:states:{region}:123456789012:execution:restock:A_1");
        let page = format!("https://{region}.{host}/states/home?region={region}#");
        assert_eq!(execution(&arn), format!("{page}/v2/executions/details/{arn}"));
    }
}
