using System.Text.RegularExpressions;
using Inpaint.TestSupport;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Inpaint.Repository.Tests.Projects;

/// <summary>Namespaces follow folders, and the folders of a project do not depend on each other in circles.</summary>
public sealed partial class NamespaceTests
{
    /// <summary>Namespaces that a file may be in for a reason other than its folder.</summary>
    private static readonly string[] Foreign =
        ["Microsoft.ML", "Microsoft.Extensions.DependencyInjection", "System.Runtime.CompilerServices"];

    public static TheoryData<string> Production => [.. ProjectFile.All.Where(p => p.Area != "tests").Select(p => p.Name)];

    [Theory, MemberData(nameof(Production))]
    public void The_namespace_of_a_file_is_its_folder(string name)
    {
        ProjectFile project = ProjectFile.Named(name);
        string root = project.Xml.Descendants("RootNamespace").FirstOrDefault()?.Value ?? name;
        string[] compiledElsewhere = [.. project.Xml.Descendants("Compile").Select(c => (string?)c.Attribute("Remove")).OfType<string>()];
        var wrong = new List<string>();
        foreach (string path in project.Sources.Where(p =>
            !compiledElsewhere.Any(c => p.Contains('/' + c.Replace("/**", "/", StringComparison.Ordinal)))))
        {
            string folder = Path.GetRelativePath(project.Folder, Path.GetDirectoryName(path)!).Replace('/', '.');
            string expected = folder == "." ? root : $"{root}.{folder}";
            Match found = Declaration().Match(File.ReadAllText(Path.Combine(Places.Repository, path)));
            if (found.Success && found.Groups[1].Value != expected && !Foreign.Contains(found.Groups[1].Value))
            {
                wrong.Add($"{path}: {found.Groups[1].Value}, expected {expected}");
            }
        }

        Assert.Empty(wrong);
    }

    [Theory, MemberData(nameof(Production))]
    public void The_namespaces_of_a_project_form_no_cycle(string name)
    {
        using AssemblyDefinition assembly = AssemblyDefinition.ReadAssembly(ProjectFile.Named(name).BuiltAssembly);
        Dictionary<string, SortedDictionary<string, string>> uses = Dependencies(assembly.MainModule);
        if (FindCycle(uses) is { } cycle)
        {
            // Each step with the types that cause it.
            Assert.Fail(string.Join(" -> ", cycle.Select((n, i) => i + 1 < cycle.Count ? $"{n} ({uses[n][cycle[i + 1]]})" : n)));
        }
    }

    [Fact]
    public void A_cycle_is_found_and_named()
    {
        var uses = new Dictionary<string, SortedDictionary<string, string>>
        {
            ["A"] = new() { ["B"] = "" },
            ["B"] = new() { ["C"] = "" },
            ["C"] = new() { ["B"] = "" },
        };
        Assert.Equal(["B", "C", "B"], FindCycle(uses));
        uses["C"].Clear();
        Assert.Null(FindCycle(uses));
    }

    /// <summary>For each namespace of the module, the others that it mentions, each with the first pair of types that shows it.</summary>
    private static Dictionary<string, SortedDictionary<string, string>> Dependencies(ModuleDefinition module)
    {
        var uses = new Dictionary<string, SortedDictionary<string, string>>();
        foreach (TypeDefinition type in module.GetTypes())
        {
            string from = NamespaceOf(type);
            SortedDictionary<string, string> mentioned = uses.TryGetValue(from, out SortedDictionary<string, string>? known) ? known
                : uses[from] = [];
            foreach (TypeReference other in Mentioned(type).SelectMany(Parts))
            {
                string to = NamespaceOf(other);
                if (to != from && ReferenceEquals(other.Scope, module) && to.StartsWith("Inpaint", StringComparison.Ordinal))
                {
                    mentioned.TryAdd(to, $"{type.Name} uses {other.Name}");
                }
            }
        }

        // Code in another library's namespace, such as extension methods, belongs to the root folder.
        return uses.Where(u => u.Key.StartsWith("Inpaint", StringComparison.Ordinal) || u.Key == "ExistingApp").ToDictionary();
    }

    private static IEnumerable<TypeReference?> Mentioned(TypeDefinition type) =>
    [
        type.BaseType,
        .. type.Interfaces.Select(i => i.InterfaceType),
        .. type.CustomAttributes.Select(a => a.AttributeType),
        .. type.Fields.Select(f => f.FieldType),
        .. type.Methods.SelectMany(m => m.Parameters).Select(p => p.ParameterType),
        .. type.Methods.Select(m => m.ReturnType),
        .. type.Methods.Where(m => m.HasBody).SelectMany(m => m.Body.Variables).Select(v => v.VariableType),
        .. type.Methods.Where(m => m.HasBody).SelectMany(m => m.Body.Instructions).SelectMany(Operand),
    ];

    private static IEnumerable<TypeReference?> Operand(Instruction instruction) => instruction.Operand switch
    {
        TypeReference type => [type],
        MethodReference method =>
            [method.DeclaringType, method.ReturnType, .. method is GenericInstanceMethod generic ? generic.GenericArguments : []],
        FieldReference field => [field.DeclaringType, field.FieldType],
        _ => [],
    };

    /// <summary>The named types that a type is made of: element types of arrays and references, arguments of generics.</summary>
    private static IEnumerable<TypeReference> Parts(TypeReference? type) => type switch
    {
        null or GenericParameter => [],
        GenericInstanceType generic => [.. Parts(generic.ElementType), .. generic.GenericArguments.SelectMany(Parts)],
        TypeSpecification specification => Parts(specification.ElementType),
        _ => [type],
    };

    private static string NamespaceOf(TypeReference type)
    {
        while (type.DeclaringType is { } outer)
        {
            type = outer;
        }

        return type.Namespace;
    }

    private static List<string>? FindCycle(Dictionary<string, SortedDictionary<string, string>> uses)
    {
        var done = new HashSet<string>();
        var path = new List<string>();
        List<string>? Visit(string node)
        {
            if (path.IndexOf(node) is >= 0 and var start)
            {
                return [.. path[start..], node];
            }

            if (!done.Add(node) || !uses.TryGetValue(node, out SortedDictionary<string, string>? next))
            {
                return null;
            }

            path.Add(node);
            List<string>? cycle = next.Keys.Select(Visit).FirstOrDefault(c => c is not null);
            path.RemoveAt(path.Count - 1);
            return cycle;
        }

        return uses.Keys.Order(StringComparer.Ordinal).Select(Visit).FirstOrDefault(c => c is not null);
    }

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Declaration();
}
