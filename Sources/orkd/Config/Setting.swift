/// One setting: its name, what it means, how it is written, and where its
/// value lives.
struct Setting: Sendable {
    /// `section.name`, as in the file.
    let name: String
    /// One sentence for the manual and `.env.example`.
    let summary: String
    /// The kind of value and its range, in words.
    let type: String
    /// Whether a running daemon takes a new value.
    let changeable: Bool
    /// Variables that set it; the first that is set wins.
    let variables: [EnvironmentAlias]
    /// Puts a value in place, or says why it cannot be one.
    let apply: @Sendable (inout Configuration, RawValue) -> FormProblem?
    let show: @Sendable (Configuration) -> String
    /// Puts the value of the second configuration into the first.
    let copy: @Sendable (inout Configuration, Configuration) -> Void

    init<Value: Sendable>(
        _ name: String, _ path: any WritableKeyPath<Configuration, Value> & Sendable,
        _ form: SettingForm<Value>,
        changeable: Bool = false, variables: [EnvironmentAlias] = [], _ summary: String
    ) {
        self.name = name
        self.summary = summary
        self.changeable = changeable
        type = form.type
        // Every setting has a name of its own in the environment; the names
        // that other programs use too come after it (K-31).
        self.variables = [EnvironmentAlias(Self.variable(for: name))] + variables
        apply = { configuration, raw in
            switch form.read(raw) {
            case .success(let value):
                configuration[keyPath: path] = value
                return nil
            case .failure(let problem): return problem
            }
        }
        show = { form.show($0[keyPath: path]) }
        copy = { $0[keyPath: path] = $1[keyPath: path] }
    }

    /// `proxy.body_limit` → `ORKD_PROXY_BODY_LIMIT`.
    static func variable(for name: String) -> String {
        "ORKD_" + String(name.map { $0 == "." ? "_" : $0 }).uppercased()
    }

    /// The default as the manual states it: that of system mode.
    var standard: String { show(Configuration()) }
}

/// A variable that sets a setting.
struct EnvironmentAlias: Sendable {
    let name: String
    /// The text for the setting; nil when this value says nothing.
    let translate: @Sendable (String) -> String?

    init(_ name: String, translate: @escaping @Sendable (String) -> String? = { $0 }) {
        self.name = name
        self.translate = translate
    }

    /// A bare number of seconds.
    static func seconds(_ name: String) -> Self {
        Self(name) { UInt32($0) == nil ? $0 : $0 + "s" }
    }

    /// Means something only when it is true.
    static func ifTrue(_ name: String, _ text: String) -> Self {
        Self(name) { ["true", "1", "yes", "on"].contains($0.lowercased()) ? text : nil }
    }
}
