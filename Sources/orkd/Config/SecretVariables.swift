import ORKit

/// Secrets that a variable may hold. No file of ours and no flag holds any.
enum SecretVariables {
    /// The first that is set wins.
    static let masterKey = ["ORKD_MASTER_KEY", "APIKEYROUTER_ENCRYPTION_KEY"]
    /// All of them are taken; the second is a list with commas.
    static let seedKeys = ["OPENROUTER_API_KEY", "OPENROUTER_API_KEYS"]

    /// The first that is set wins.
    static let managementKey = ["ORKD_MANAGEMENT_KEY", "APIKEYROUTER_MANAGEMENT_API_KEY"]

    static let names = masterKey + seedKeys + managementKey

    /// Shorter ones could be guessed.
    private static let shortestManagementKey = 16

    /// Takes the secrets out of a layer. Returns the issues, which name the
    /// variable and never its value.
    static func apply(_ layer: EnvironmentLayer, to configuration: inout Configuration) -> [ConfigIssue] {
        var issues: [ConfigIssue] = []
        if let first = take(masterKey, of: layer, in: &configuration) {
            configuration.masterKey.variable = Secret(first.value.utf8)
        }
        if let first = take(managementKey, of: layer, in: &configuration), !first.value.isEmpty {
            if first.value.utf8.count >= shortestManagementKey,
                first.value.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
            {
                configuration.managementKey = Secret(first.value.utf8)
            } else {
                issues.append(
                    ConfigIssue(
                        first.source,
                        "\(first.name) must have at least \(shortestManagementKey) printable characters without spaces"
                    ))
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

    /// The first of the variables that is set, and a remark where another one
    /// says something else.
    private static func take(
        _ names: [String], of layer: EnvironmentLayer, in configuration: inout Configuration
    ) -> EnvironmentLayer.Variable? {
        let set = names.compactMap { layer[$0] }
        guard let first = set.first else { return nil }
        for name in names { configuration.sources[name] = nil }
        configuration.sources[first.name] = first.source
        if let other = set.dropFirst().first(where: { $0.value != first.value }) {
            configuration.remarks.append("\(first.name) and \(other.name) differ: \(first.name) wins")
        }
        return first
    }
}
