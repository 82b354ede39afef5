import ORKit

extension Configuration {
    /// Reads all layers.
    ///
    /// - Returns: the configuration, or everything that is wrong with it.
    static func load(
        arguments: FlagValues = FlagValues(), environment: [String: String], files: ConfigFiles = .disk
    ) -> Result<Configuration, ConfigErrors> {
        guard
            let paths = ServerPaths.find(user: arguments.user, isRoot: files.isRoot, environment: environment)
        else {
            let text = "neither HOME nor XDG_CONFIG_HOME and XDG_STATE_HOME are set"
            return .failure(
                ConfigErrors(issues: [ConfigIssue(.standard, text, hint: "or start with --no-user")]))
        }
        var configuration = Configuration(paths: paths)
        var issues: [ConfigIssue] = []

        let process = EnvironmentLayer(process: environment)
        let file = configuration.readEnvironmentFile(arguments, files, &issues)

        let named = arguments.configFile ?? process["ORKD_CONFIG"]?.value ?? file["ORKD_CONFIG"]?.value
        for document in configuration.documents(
            at: named ?? paths.configFile, mustExist: named != nil, files, &issues)
        {
            issues += FileLayer(document: document).apply(to: &configuration)
        }
        issues += file.apply(to: &configuration)
        issues += process.apply(to: &configuration)
        issues += configuration.applyFlags(arguments)

        configuration.completeMasterKey(environment)
        issues += configuration.check()
        configuration.remark(on: Set(process.names).union(file.names), environment: environment)
        return issues.isEmpty ? .success(configuration) : .failure(ConfigErrors(issues: issues))
    }

    /// Checks a text as `orkd.toml` alone, with the daemon's own reader;
    /// nothing is applied. Empty when it is valid.
    static func check(text: String, path: String = "orkd.toml") -> [ConfigFinding] {
        issues(in: Array(text.utf8), path: path).map(\.finding)
    }

    /// The same with places, for `orkd --check FILE`.
    static func issues(in bytes: [UInt8], path: String) -> [ConfigIssue] {
        var configuration = Configuration()
        let issues = FileLayer(document: TOMLDocument(bytes, path: path)).apply(to: &configuration)
        return issues + configuration.check()
    }

    /// `.env` in the working directory, or the file of `--env-file`.
    private mutating func readEnvironmentFile(
        _ arguments: FlagValues, _ files: ConfigFiles, _ issues: inout [ConfigIssue]
    ) -> EnvironmentLayer {
        let path = arguments.environmentFile ?? ".env"
        let whole = SettingSource.environmentFile(path: path, line: 1, name: "")
        switch files.read(path) {
        case .success(let file):
            self.files.append(path)
            guard let text = String(validating: file.bytes, as: UTF8.self) else {
                issues.append(ConfigIssue(whole, "not UTF-8 text"))
                return EnvironmentLayer([])
            }
            if file.isWorldReadable {
                remarks.append("\(path) may be read by everybody on this machine: chmod 600 \(path)")
            }
            let (variables, found) = EnvironmentFile.parse(text, path: path)
            issues += found
            return EnvironmentLayer(variables)
        case .failure(.absent):
            if arguments.environmentFile != nil { issues.append(ConfigIssue(whole, "there is no such file")) }
        case .failure(.unreadable(let reason)):
            issues.append(ConfigIssue(whole, "cannot be read: \(reason)"))
        }
        return EnvironmentLayer([])
    }

    /// The file, then its drop-ins in the order of their names.
    private mutating func documents(
        at path: String, mustExist: Bool, _ files: ConfigFiles, _ issues: inout [ConfigIssue]
    ) -> [TOMLDocument] {
        let dropIns = files.list(path + ".d").filter { $0.hasSuffix(".toml") && !$0.hasPrefix(".") }.sorted()
        var documents: [TOMLDocument] = []
        for candidate in [path] + dropIns.map({ "\(path).d/\($0)" }) {
            let whole = SettingSource.file(path: candidate, line: 1, column: 1)
            switch files.read(candidate) {
            case .success(let file):
                self.files.append(candidate)
                documents.append(TOMLDocument(file.bytes, path: candidate))
            case .failure(.absent):
                if mustExist, candidate == path { issues.append(ConfigIssue(whole, "there is no such file")) }
            case .failure(.unreadable(let reason)):
                issues.append(ConfigIssue(whole, "cannot be read: \(reason)"))
            }
        }
        return documents
    }

    private mutating func applyFlags(_ arguments: FlagValues) -> [ConfigIssue] {
        arguments.settings.sorted { $0.key < $1.key }.compactMap { name, text in
            guard let setting = SettingsTable.named[name] else {
                let nearest = NearestName.of(name, among: SettingsTable.all.map(\.name))
                return ConfigIssue(
                    .flag, "\(quoted(name)) is not a setting", hint: nearest.map { "did you mean \($0)?" })
            }
            if let problem = setting.apply(&self, .untyped(text)) {
                return ConfigIssue(.flag, "\(name): \(problem.message)")
            }
            sources[name] = .flag
            return nil
        }
    }

    private mutating func completeMasterKey(_ environment: [String: String]) {
        masterKey.file = paths.masterKeyFile ?? state.directory + "/master.key"
        if let directory = environment["CREDENTIALS_DIRECTORY"], directory.hasPrefix("/") {
            masterKey.credential = directory + "/master-key"
        }
    }
}
