import ORKit

/// Secrets that a variable may hold. No file of ours and no flag holds any.
enum SecretVariables {
    /// The first that is set wins.
    static let masterKey = ["ORKD_MASTER_KEY", "APIKEYROUTER_ENCRYPTION_KEY"]
    /// All of them are taken; the second is a list with commas.
    static let seedKeys = ["OPENROUTER_API_KEY", "OPENROUTER_API_KEYS"]

    static let names = masterKey + seedKeys

    /// Takes the secrets out of a layer. Returns the issues, which name the
    /// variable and never its value.
    static func apply(_ layer: EnvironmentLayer, to configuration: inout Configuration) -> [ConfigIssue] {
        var issues: [ConfigIssue] = []
        let set = masterKey.compactMap { layer[$0] }
        if let first = set.first {
            configuration.masterKey.variable = Secret(first.value.utf8)
            for name in masterKey { configuration.sources[name] = nil }
            configuration.sources[first.name] = first.source
            if let other = set.dropFirst().first(where: { $0.value != first.value }) {
                configuration.remarks.append("\(first.name) and \(other.name) differ: \(first.name) wins")
            }
        }
        for name in seedKeys {
            guard let variable = layer[name] else { continue }
            configuration.sources[name] = variable.source
            for item in variable.value.split(separator: ",") {
                let key = item.drop(while: \.isWhitespace).prefix { !$0.isWhitespace }
                let rest = item.drop(while: \.isWhitespace).dropFirst(key.count)
                guard rest.allSatisfy(\.isWhitespace), key.allSatisfy(\.isASCII) else {
                    issues.append(
                        ConfigIssue(variable.source, "a key has white space or non-ASCII characters in it"))
                    continue
                }
                let secret = Secret(key.utf8)
                if !key.isEmpty, !configuration.seedKeys.contains(where: { $0.isEqual(to: secret) }) {
                    configuration.seedKeys.append(secret)
                }
            }
        }
        return issues
    }
}
