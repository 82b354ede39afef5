import ORKit

extension CodedError {
    /// Somebody else changed what an operator wanted to change.
    ///
    /// - Parameter command: shows how it is now.
    static func versionLost(_ name: String, at version: Int64, wanted: Int64, see command: String)
        -> CodedError
    {
        CodedError(
            .versionLost, "“\(name)” is at version \(version), not \(wanted)",
            hints: ["see it now:   \(command)"])
    }
}
