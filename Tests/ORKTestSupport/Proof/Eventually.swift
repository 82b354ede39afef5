/// What was expected to come about did not.
public struct DidNotHappen: Error, CustomStringConvertible {
    public let description: String
}

/// Asks again and again until the answer is yes: the last resort, for what
/// nobody can be told of, such as the end of a rest.
public func eventually(
    _ what: String, within patience: Duration = .seconds(20), every pause: Duration = .milliseconds(20),
    _ holds: () async throws -> Bool
) async throws {
    let deadline = ContinuousClock.now + patience
    while try await !holds() {
        guard ContinuousClock.now < deadline else {
            throw DidNotHappen(description: "within \(patience) it did not come about: \(what)")
        }
        try await Task.sleep(for: pause)
    }
}
