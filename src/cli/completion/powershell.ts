import { type CompletedCommand, completedCommands, lineOptions } from './words.js';

interface Candidate {
  readonly name: string;
  readonly summary: string;
}

/**
 * Renders the completion script of PowerShell. The words contain no quotes, so they are not escaped.
 *
 * PowerShell completes file names if the script returns nothing.
 */
export function powershellScript(program: string, lineProgram: string): string {
  return `# Completion of ${program} for PowerShell: ${program} completion powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName ${program}, ${lineProgram} -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $commands = ${table(completedCommands, '  ')}
  $words = @{
${completedCommands.map(({ name, words = [], options }) => entry(name, [...words.map(wordCandidate), ...options])).join('')}  }
  $values = @{
${completedCommands.flatMap(valueEntries).join('')}  }
  $lineOptions = ${table(lineOptions, '  ')}
  $typed = @(
    $commandAst.CommandElements |
      Where-Object { $_.Extent.EndOffset -lt $cursorPosition } |
      ForEach-Object { $_.ToString() }
  )
  $option = "$($typed[1]) $($typed[-1])"
  $candidates = if ($typed[0] -like '*${lineProgram}*') {
    $lineOptions
  } elseif ($typed.Count -lt 2) {
    $commands
  } elseif ($values.Contains($option)) {
    $values[$option]
  } else {
    $words[$typed[1]]
  }
  if ($null -eq $candidates) { return }
  $candidates.Keys | Where-Object { $_.StartsWith($wordToComplete) } | ForEach-Object {
    [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $candidates[$_])
  }
}
`;
}

function valueEntries({ name, options }: CompletedCommand): string[] {
  return options.flatMap((option) =>
    option.values ? [entry(`${name} ${option.name}`, option.values.map(wordCandidate))] : [],
  );
}

/** Makes a candidate of a word. The word explains itself, because that text must not be empty. */
function wordCandidate(word: string): Candidate {
  return { name: word, summary: word };
}

function entry(key: string, candidates: readonly Candidate[]): string {
  return `    '${key}' = ${table(candidates, '    ')}\n`;
}

function table(candidates: readonly Candidate[], indent: string): string {
  if (candidates.length === 0) return '[ordered]@{}';
  const lines = candidates.map(({ name, summary }) => `${indent}  '${name}' = '${summary}'\n`);
  return `[ordered]@{\n${lines.join('')}${indent}}`;
}
