/// What a failure is about. The type carries it, so that nothing is ever
/// punished for somebody else's fault.
public enum FailureScope: String, Sendable, CaseIterable, Codable {
    case request
    case client
    /// One model on one key, for example a bare 429.
    case modelAtKey = "model@key"
    /// One model on all keys of an account.
    case modelAtAccount = "model@account"
    /// One model at the upstream's provider, whatever the key.
    case modelAtProvider = "model@provider"
    case key
    case account
    case provider
    case network
    case daemon

    /// On a key or on its account: one model, and no other.
    package var isOfOneModel: Bool { self == .modelAtKey || self == .modelAtAccount }
}
