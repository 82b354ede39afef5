import ORKit

extension Configuration {
    /// What is wrong between settings that are each fine alone.
    func check() -> [ConfigIssue] {
        var issues: [ConfigIssue] = []
        if proxy.auth == .open, !proxy.openOnAnyAddress,
            let address = proxy.listen.first(where: { !$0.isLoopback })
        {
            issues.append(
                ConfigIssue(
                    source(of: "proxy.auth"),
                    "proxy.auth: “open” on \(address) would let in anybody who can reach it",
                    hint: "listen on 127.0.0.1, or set proxy.open_on_any_address = true"))
        }
        if proxy.tlsCertificate.isEmpty != proxy.tlsKey.isEmpty {
            let (given, missing) =
                proxy.tlsKey.isEmpty
                ? ("proxy.tls_certificate", "proxy.tls_key") : ("proxy.tls_key", "proxy.tls_certificate")
            issues.append(ConfigIssue(source(of: given), "\(given) is set and \(missing) is not"))
        }
        if proxy.replayLimit > proxy.bodyLimit, sources["proxy.replay_limit"] != nil {
            issues.append(
                ConfigIssue(source(of: "proxy.replay_limit"), "proxy.replay_limit is above proxy.body_limit"))
        }
        if proxy.replayLimit > proxy.replayMemory {
            let name = sources["proxy.replay_memory"] == nil ? "proxy.replay_limit" : "proxy.replay_memory"
            issues.append(ConfigIssue(source(of: name), "proxy.replay_limit is above proxy.replay_memory"))
        }
        if proxy.headLine > proxy.headBlock {
            let name = sources["proxy.head_line"] == nil ? "proxy.head_block" : "proxy.head_line"
            issues.append(ConfigIssue(source(of: name), "proxy.head_line is above proxy.head_block"))
        }
        return issues
    }

    /// What an operator should know although it is allowed.
    mutating func remark(on names: Set<String>, environment: [String: String]) {
        if proxy.auth == .open, !proxy.listen.isEmpty {
            let places = proxy.listen.map(\.description).joined(separator: ", ")
            remarks.append("open mode: anybody who can reach \(places) spends the pool's money")
        }
        if !upstream.baseURL.isTLS, !ListenAddress(host: upstream.baseURL.host, port: 0).isLoopback {
            remarks.append(
                "upstream.base_url is http: upstream keys travel unencrypted to \(upstream.baseURL.host)")
        }
        if state.mode == .memory { remarks.append("state.mode is memory: everything is lost when orkd ends") }
        if paths.isUserMode, sources["control.socket"] == nil, environment["XDG_RUNTIME_DIR"] == nil {
            remarks.append(
                "XDG_RUNTIME_DIR is not set: orkctl needs --socket \(control.socket) or ORKD_SOCKET")
        }
        remarks += [ForeignVariables.remark(about: names)].compactMap(\.self)
        remarks += ForeignVariables.misspelt(among: names)
    }
}
