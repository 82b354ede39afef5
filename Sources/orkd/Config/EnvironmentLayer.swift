/// The variables of one origin: the process's own, or those of `.env`.
struct EnvironmentLayer: Sendable {
    struct Variable: Sendable {
        let name: String
        let value: String
        let source: SettingSource
    }

    private let variables: [String: Variable]

    /// Variables set to nothing count as not set, as with docker compose.
    init(_ variables: [Variable]) {
        self.variables = Dictionary(
            variables.filter { !$0.value.isEmpty }.map { ($0.name, $0) },
            uniquingKeysWith: { _, last in last })
    }

    init(process environment: [String: String]) {
        self.init(environment.map { Variable(name: $0, value: $1, source: .environment(name: $0)) })
    }

    subscript(name: String) -> Variable? { variables[name] }

    var names: Dictionary<String, Variable>.Keys { variables.keys }

    /// Every name that means something to orkd.
    static let known: Set<String> = Set(
        SettingsTable.all.flatMap { $0.variables.map(\.name) } + SecretVariables.names
            + ["ORKD_CONFIG", "HOST", "PORT"])

    /// Puts all settings of this layer in place.
    func apply(to configuration: inout Configuration) -> [ConfigIssue] {
        var issues = applyHostAndPort(to: &configuration)
        for setting in SettingsTable.all {
            let said = setting.variables.compactMap { alias in
                variables[alias.name].flatMap { variable in
                    alias.translate(variable.value).map { (variable, $0) }
                }
            }
            guard let (variable, text) = said.first else { continue }
            if let problem = setting.apply(&configuration, .untyped(text)) {
                issues.append(ConfigIssue(variable.source, "\(setting.name): \(problem.message)"))
                continue
            }
            configuration.sources[setting.name] = variable.source
            for (other, otherText) in said.dropFirst() where otherText != text {
                configuration.remarks.append(
                    "\(variable.name) and \(other.name) both set \(setting.name) and differ: \(variable.name) wins"
                )
            }
        }
        return issues + SecretVariables.apply(self, to: &configuration)
    }

    /// `HOST` and `PORT` (K-08) make a list of one; what is missing comes from
    /// the first address of the layers below.
    private func applyHostAndPort(to configuration: inout Configuration) -> [ConfigIssue] {
        let host = variables["HOST"]
        let port = variables["PORT"]
        let below = configuration.proxy.listen + ProxyConfiguration().listen
        guard let first = host ?? port, var address = below.first else { return [] }
        if let own = variables[Setting.variable(for: "proxy.listen")] {
            configuration.remarks.append("\(own.name) and \(first.name) are both set: \(own.name) wins")
            return []
        }
        if let port {
            guard let number = UInt16(port.value) else {
                return [ConfigIssue(port.source, "\(quoted(port.value)) is not a port, 0 to 65535")]
            }
            address.port = Int(number)
        }
        if let host {
            let bare = host.value.filter { $0 != "[" && $0 != "]" }
            let text = bare.contains(":") ? "[\(bare)]" : bare
            guard let read = ListenAddress("\(text):\(address.port)") else {
                return [ConfigIssue(host.source, "\(quoted(host.value)) is not a host")]
            }
            address = read
        }
        configuration.proxy.listen = [address]
        configuration.sources["proxy.listen"] = first.source
        if case .environment = first.source, host != nil, port != nil {
            configuration.sources["proxy.listen"] = .environment(name: "HOST,PORT")
        }
        return []
    }
}
