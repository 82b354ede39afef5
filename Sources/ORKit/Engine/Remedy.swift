/// What the request may do after a verdict.
public enum Remedy: UInt8, Sendable {
    /// Pass the answer on unchanged.
    case relay
    /// Nothing was generated: another key may serve, at no cost.
    case rotate
    /// Something may have been generated: counts against the retries.
    case retry
    /// Another key would hear the same: wait for the stated end where that
    /// fits, else answer ourselves.
    case giveUp
}
