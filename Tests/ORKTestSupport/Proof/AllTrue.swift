public import MockUpstream
public import Testing

/// Holds a script of `Tests/sdk` to what it says: every one of its checks is
/// true, and there are at least so many.
public func expectAllTrue(
    _ verdict: JSON, atLeast count: Int, sourceLocation: SourceLocation = #_sourceLocation
) {
    guard case .object(let checks)? = verdict["checks"] else {
        Issue.record("no checks in \(verdict.encoded)", sourceLocation: sourceLocation)
        return
    }
    #expect(checks.count >= count, sourceLocation: sourceLocation)
    for check in checks {
        #expect(
            check.value.isTrue, "\(check.name): \(check.value.text ?? "")", sourceLocation: sourceLocation)
    }
}
