import { powershellScript } from './powershell.js';
import {
  type CompletedCommand,
  type CompletedOption,
  completedCommands,
  lineOptions,
  type shells,
} from './words.js';

const program = 'codex-account-server';
const lineProgram = 'codex-account-line';

/** Renders the completion script of each shell. The words contain no quotes, so they are not escaped. */
export const completionScripts: Readonly<Record<(typeof shells)[number], () => string>> = {
  bash: () => `# Completion of ${program} for bash: eval "$(${program} completion bash)"
_codex_account_server() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} words=
  if ((COMP_CWORD == 1)); then
    words='${names(completedCommands)}'
  else
    case "\${COMP_WORDS[1]} $previous" in
${completedCommands.flatMap(bashValues).join('')}    *) case \${COMP_WORDS[1]} in
${completedCommands.map(bashWords).join('')}      esac ;;
    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  # Readline starts a new word at a colon.
  [[ $words == *:* ]] && declare -F __ltrim_colon_completions >/dev/null && __ltrim_colon_completions "$current"
  return 0
}
complete -F _codex_account_server ${program}
complete -W '${names(lineOptions)}' ${lineProgram}
`,
  zsh: () => `#compdef ${program} ${lineProgram}
# Completion of ${program} for zsh: source <(${program} completion zsh)
_codex_account_server() {
  if [[ $service == ${lineProgram} ]]; then
    _arguments ${zshOptions(lineOptions).join(' ')}
    return
  fi
  local -a commands=(
${completedCommands.map(({ name, summary }) => `    '${name}:${summary}'\n`).join('')}  )
  if ((CURRENT == 2)); then
    _describe command commands
    return
  fi
  local command=$words[2]
  shift words
  ((CURRENT--))
  case $command in
${completedCommands.map(zshCommand).join('')}  esac
}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
  _codex_account_server "$@"
else
  compdef _codex_account_server ${program} ${lineProgram}
fi
`,
  fish: () => `# Completion of ${program} for fish: ${program} completion fish | source
complete -c ${program} -f
${completedCommands.map(fishCommand).join('')}complete -c ${lineProgram} -f
${lineOptions.map((option) => `complete -c ${lineProgram} ${fishOption(option)}\n`).join('')}`,
  powershell: () => powershellScript(program, lineProgram),
};

function names(things: readonly { readonly name: string }[]): string {
  return things.map(({ name }) => name).join(' ');
}

function bashValues({ name, options }: CompletedCommand): string[] {
  return options
    .filter(({ values }) => values)
    .map((option) => `    '${name} ${option.name}') words='${option.values?.join(' ')}' ;;\n`);
}

function bashWords({ name, words = [], options }: CompletedCommand): string {
  return `        ${name}) words='${[...words, names(options)].join(' ')}' ;;\n`;
}

function zshCommand({ name, words, options }: CompletedCommand): string {
  const specs = zshOptions(options);
  if (words) specs.push(`'1:word:(${words.join(' ')})'`);
  return `    ${name}) _arguments ${specs.join(' ')} ;;\n`;
}

function zshOptions(options: readonly CompletedOption[]): string[] {
  return options.map(({ name, summary, values }) => {
    const value = values
      ? `:value:${values.length > 0 ? `(${values.join(' ').replaceAll(':', '\\:')})` : ''}`
      : '';
    return `'${name}[${summary}]${value}'`;
  });
}

function fishCommand({ name, summary, words = [], options }: CompletedCommand): string {
  const afterCommand = `complete -c ${program} -n '__fish_seen_subcommand_from ${name}'`;
  return [
    `complete -c ${program} -n __fish_use_subcommand -a ${name} -d '${summary}'`,
    ...(words.length > 0 ? [`${afterCommand} -a '${words.join(' ')}'`] : []),
    ...options.map((option) => `${afterCommand} ${fishOption(option)}`),
  ]
    .map((line) => `${line}\n`)
    .join('');
}

function fishOption({ name, summary, values }: CompletedOption): string {
  const value = values ? ` -x${values.length > 0 ? ` -a '${values.join(' ')}'` : ''}` : '';
  return `-l ${name.replace(/^--/, '')} -d '${summary}'${value}`;
}
