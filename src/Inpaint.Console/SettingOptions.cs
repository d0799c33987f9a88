using System.CommandLine;
using System.CommandLine.Parsing;

namespace Inpaint.CommandLine;

/// <summary>
/// The options of a command that are settings of a record: names, ranges, defaults and descriptions come from the record.
/// </summary>
/// <typeparam name="T">The record.</typeparam>
/// <param name="defaults">The record that the command starts from.</param>
/// <param name="keys">The settings that are options of the command, in the order of its help.</param>
public sealed class SettingOptions<T>(T defaults, params IReadOnlyList<string> keys) where T : class
{
    private readonly (Setting Setting, Option<object?> Option)[] _options =
        [.. keys.Select(Setting.Of<T>).Select(s => (s, Make(s, defaults)))];

    /// <summary>The options, in the order of the help.</summary>
    public IEnumerable<Option> Options => _options.Select(o => o.Option);

    /// <summary>The option of one setting.</summary>
    public Option this[string key] => _options.First(o => o.Setting.Key == key).Option;

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (Option option in Options)
        {
            command.Add(option);
        }
    }

    /// <summary>The settings that the command line gives.</summary>
    public SettingValues Given(ParseResult parsed)
    {
        var given = new SettingValues();
        foreach ((Setting setting, Option<object?> option) in _options)
        {
            if (parsed.GetResult(option) is { Implicit: false })
            {
                given.Add(setting, parsed.GetValue(option));
            }
        }

        return given;
    }

    /// <summary>The record that the command line describes.</summary>
    public T Read(ParseResult parsed) => Given(parsed).ApplyTo(defaults);

    private static Option<object?> Make(Setting setting, T defaults)
    {
        object? Parse(ArgumentResult result)
        {
            try
            {
                return result.Tokens is [var token] ? setting.Parse(token.Value, setting.OptionName) : true;
            }
            catch (SettingException e)
            {
                result.AddError(e.Message);
                return null;
            }
        }

        bool isSwitch = setting.Type == typeof(bool);
        object? value = isSwitch ? null : setting.Get(defaults);
        return new Option<object?>(setting.OptionName, setting.Alias is { } alias ? [alias] : [])
        {
            Description = value is null ? setting.Description : $"{setting.Description} [default: {Setting.Format(value)}]",
            HelpName = isSwitch ? null : setting.Placeholder,
            Arity = isSwitch ? ArgumentArity.Zero : ArgumentArity.ExactlyOne,
            CustomParser = Parse,
        };
    }
}
