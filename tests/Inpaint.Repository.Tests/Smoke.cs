namespace Inpaint.RepositoryTests;
