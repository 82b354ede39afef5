/// What a colour says. Never the only place where it is said.
enum Tone {
    case plain, good, warning, bad, dim
}

/// Whether and how a stream is coloured.
struct Style {
    let isOn: Bool

    func paint(_ text: String, _ tone: Tone) -> String {
        guard isOn else { return text }
        let code: String
        switch tone {
        case .plain: return text
        case .good: code = "32"
        case .warning: code = "33"
        case .bad: code = "31"
        case .dim: code = "2"
        }
        return "\u{1B}[\(code)m\(text)\u{1B}[0m"
    }
}

extension Style {
    /// Flags first, then the environment, then whether a person looks.
    init(
        choice: ColorChoice, noColor: Bool, isTerminal: Bool,
        environment: @escaping (String) -> String? = { Environment[$0] }
    ) {
        switch choice {
        case _ where noColor: isOn = false
        case .never: isOn = false
        case .always: isOn = true
        case .auto:
            let set = { (name: String) in environment(name).map { !$0.isEmpty } ?? false }
            if set("NO_COLOR") {
                isOn = false
            } else if set("CLICOLOR_FORCE") {
                isOn = true
            } else {
                isOn = isTerminal && environment("TERM") != "dumb"
            }
        }
    }
}
