using System.Reflection;
using Spectre.Console;

namespace Inpaint.Export;

internal static class ModuleTable
{
    /// <summary>A row for each module type: its constructors, and the signature of forward.</summary>
    public static Table Of(ModuleAssembly assembly)
    {
        Table table = new Table().Border(TableBorder.Simple).AddColumns("module", "created by", "forward");
        foreach (Type type in assembly.Modules)
        {
            ConstructorInfo[] constructors = type.GetConstructors(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic);
            table.AddRow(
                Markup.Escape(type.FullName!.Replace('+', '.')),
                Markup.Escape(string.Join("\n", constructors.Select(c => ModuleMaking.Describe(type.Name, c)))),
                Markup.Escape(Forward(type)));
        }

        return table;
    }

    private static string Forward(Type type) =>
        type.GetMethods(BindingFlags.Public | BindingFlags.Instance).Where(m => m.Name == "forward")
            .OrderBy(m => m.DeclaringType == type ? 0 : 1).FirstOrDefault() is { } forward
            ? $"({string.Join(", ", forward.GetParameters().Select(p => $"{ModuleMaking.TypeName(p.ParameterType)} {p.Name}"))}) -> "
                + $"{ModuleMaking.TypeName(forward.ReturnType)}"
            : "none";
}
