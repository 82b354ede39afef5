/// What deployment a client key is for: the word in its prefix (CK-19).
enum ClientEnvironment: String, Sendable, CaseIterable {
    case live, test, staging, dev
}
